const key = "localcoder.skeleton";

/** The colours the skeleton is painted with. */
export interface SkeletonColors {
  readonly editor: string;
  readonly side: string;
  readonly line: string;
  readonly scheme: "dark" | "light";
}

/** Remembers the colours of the theme for the next start of any window. */
export function rememberSkeleton(colors: SkeletonColors): void {
  localStorage.setItem(key, JSON.stringify(colors));
}

/** Paints the skeleton as the last theme looked. Without a memory the style sheet follows the system. */
export function paintSkeleton(): void {
  const stored = localStorage.getItem(key);
  if (!stored) return;
  try {
    const colors = JSON.parse(stored) as SkeletonColors;
    const style = document.documentElement.style;
    style.setProperty("--skeleton-editor", colors.editor);
    style.setProperty("--skeleton-side", colors.side);
    style.setProperty("--skeleton-line", colors.line);
    style.colorScheme = colors.scheme;
  } catch {
    localStorage.removeItem(key);
  }
}

/** Takes the skeleton away when the workbench covers it. */
export function removeSkeleton(): void {
  document.getElementById("skeleton")?.remove();
}
