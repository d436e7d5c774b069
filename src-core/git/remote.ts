/** The machine that the address of a remote names; undefined for a folder of this machine. */
export function remoteHost(address: string): string | undefined {
  const named = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?(\[[^\]]+\]|[^/:?#]*)/i.exec(address);
  if (named) return named[1] || undefined;
  // As in git@example.com:owner/name. A colon after a slash belongs to a path, and one letter before it is a drive.
  return /^(?:[^/@:]+@)?(\[[^\]]+\]|[^/:]{2,}):/.exec(address)?.[1];
}

/** The address of a remote without a password that stands in it. */
export function withoutPassword(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/@:]*):[^/@]*@/i, "$1@");
}
