/** Made when first used, and once: the first of a window takes as long as drawing a page of rows, and each further one as long as some rows. */
const formats = new Map<string, Intl.DateTimeFormat>();

const options = {
  time: { hour: "2-digit", minute: "2-digit" },
  day: { weekday: "long", day: "numeric", month: "long" },
  dayAndYear: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** A time as lists show it: the time of a day, a day, or a day with its year. */
export function dateText(milliseconds: number, form: keyof typeof options): string {
  let format = formats.get(form);
  if (!format) {
    format = new Intl.DateTimeFormat(undefined, options[form]);
    formats.set(form, format);
  }
  return format.format(milliseconds);
}

/** Has the formats made before a list needs them, when the window has nothing else to do. */
export function prepareDates(): void {
  requestIdleCallback(() => {
    for (const form of Object.keys(options) as (keyof typeof options)[]) dateText(0, form);
  });
}
