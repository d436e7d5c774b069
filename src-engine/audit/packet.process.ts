import { createSocket } from "node:dgram";

/** The entry of a process without our gate, which sends one packet to the address it is given, to show that packets are counted. */

const [address] = process.argv.slice(2);
createSocket("udp4").send("x", 9, address, () => process.exit());
