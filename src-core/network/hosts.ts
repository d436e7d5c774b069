/** Writes a host as it is compared: lower case, without brackets, port-less, trailing dots and IPv6 zone; IPv4-mapped IPv6 as IPv4. */
export function normaliseHost(host: string): string {
  let text = host.trim().toLowerCase();
  if (text.startsWith("[") && text.endsWith("]")) text = text.slice(1, -1);
  const zone = text.indexOf("%");
  if (text.includes(":") && zone >= 0) text = text.slice(0, zone);
  if (!text.includes(":")) return plainIpv4(text.replace(/\.+$/, "")) ?? text.replace(/\.+$/, "");
  const groups = ipv6Groups(text);
  if (!groups) return text;
  return mappedIpv4(groups) ?? writeIpv6(groups);
}

/** True for names and addresses that never leave this machine: localhost, *.localhost, 127.0.0.0/8 and ::1. */
export function isLoopback(host: string): boolean {
  const name = normaliseHost(host);
  return isLoopbackName(name) || name === "::1" || /^127\.\d+\.\d+\.\d+$/.test(name);
}

/** True for names (not addresses) that mean this machine by RFC 6761, whatever a resolver would say. */
export function isLoopbackName(host: string): boolean {
  const name = normaliseHost(host);
  return name === "localhost" || name.endsWith(".localhost");
}

/**
 * Reads IPv4 the way system resolvers do: one to four parts, each decimal, octal (0177) or hexadecimal (0x7f), the last filling the rest.
 * Without this, 2130706433 or 0x7f.1 would look like a name.
 */
function plainIpv4(text: string): string | undefined {
  const parts = text.split(".");
  if (parts.length > 4) return undefined;
  const numbers: number[] = [];
  for (const part of parts) {
    if (/^0x[0-9a-f]{1,8}$/.test(part)) numbers.push(Number.parseInt(part, 16));
    else if (/^0[0-7]{0,11}$/.test(part)) numbers.push(Number.parseInt(part, 8));
    else if (/^[1-9][0-9]{0,9}$/.test(part)) numbers.push(Number(part));
    else return undefined;
  }
  const last = numbers.pop() ?? 0;
  if (numbers.some((number) => number > 255) || last >= 256 ** (4 - numbers.length)) return undefined;
  let value = last;
  for (const [index, number] of numbers.entries()) value += number * 256 ** (3 - index);
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

function ipv6Groups(text: string): readonly number[] | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  let source = text;
  if (dotted) {
    const bytes = dotted[2]!.split(".").map(Number);
    if (bytes.some((byte) => byte > 255)) return undefined;
    source = `${dotted[1]}${(bytes[0]! * 256 + bytes[1]!).toString(16)}:${(bytes[2]! * 256 + bytes[3]!).toString(16)}`;
  }
  const halves = source.split("::");
  if (halves.length > 2) return undefined;
  const read = (half: string) => (half === "" ? [] : half.split(":"));
  const head = read(halves[0]!);
  const tail = halves.length === 2 ? read(halves[1]!) : [];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill("0"), ...tail];
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16));
}

/** ::ffff:a.b.c.d (mapped) reaches the IPv4 address itself, so it is judged as that. */
function mappedIpv4(groups: readonly number[]): string | undefined {
  if (groups.slice(0, 5).some((group) => group !== 0) || groups[5] !== 0xffff) return undefined;
  return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join(".");
}

function writeIpv6(groups: readonly number[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const write = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  if (best.start < 0) return write(groups);
  return `${write(groups.slice(0, best.start))}::${write(groups.slice(best.start + best.length))}`;
}
