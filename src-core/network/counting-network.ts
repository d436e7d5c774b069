/** The interface of {@link countingNetwork} that leads nowhere: what it counts as sent has left the machine. */
export const countingInterface = "probe";

/** Shell commands that make a network of one's own, for a new namespace on Linux: the loopback, and {@link countingInterface}. */
export const countingNetwork = [
  `ip link add ${countingInterface} type veth peer name far`,
  "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6",
  "ip link set far up",
  `ip link set ${countingInterface} arp off multicast off up`,
  `ip addr add 10.77.0.1/24 dev ${countingInterface}`,
  `ip route add default dev ${countingInterface}`,
  "ip link set lo up",
].join(" && ");

/** Packets that {@link countingInterface} has sent, by the text of /proc/net/dev; undefined where there is no such interface. */
export function countedPackets(devices: string): number | undefined {
  const line = devices.split("\n").find((text) => text.trim().startsWith(`${countingInterface}:`));
  return line === undefined ? undefined : Number(line.trim().split(/\s+/)[10]);
}
