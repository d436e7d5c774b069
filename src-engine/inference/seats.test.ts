import { describe, expect, test } from "vitest";
import { createSeats, type Wish } from "./seats.ts";

/** A machine with room for so many models, each of them of the same size. */
function machine(room: number) {
  let time = 0;
  let resident: string[] = [];
  const loads: string[] = [];
  const seats = createSeats(() => time);
  const wish = (path: string): Wish<string> => ({
    path,
    isReady: () => resident.includes(path),
    async load(keep) {
      if (resident.includes(path)) return path;
      const kept = resident.filter((one) => keep.includes(one));
      if (kept.length >= room) return undefined;
      await Promise.resolve();
      const spare = resident.filter((one) => !keep.includes(one));
      resident = [...kept, ...spare.slice(Math.max(0, kept.length + spare.length + 1 - room)), path];
      loads.push(path);
      return path;
    },
  });
  return {
    seats,
    loads,
    wish,
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe("one model at a time", () => {
  test("fifty alternating requests that are all queued at once cost two loads", async () => {
    const { seats, loads, wish } = machine(1);
    const answered: string[] = [];
    const requests = Array.from({ length: 50 }, async (_, index) => {
      const seat = await seats.take(wish(index % 2 === 0 ? "/a" : "/b"));
      await settle();
      answered.push(seat.value);
      seat.leave();
    });
    await Promise.all(requests);
    expect(answered.length).toBe(50);
    expect(loads).toEqual(["/a", "/b"]);
  });

  test("a model in use is never taken away, and the other one comes when it is left", async () => {
    const { seats, loads, wish } = machine(1);
    const first = await seats.take(wish("/a"));
    let came = false;
    const second = seats.take(wish("/b")).then((seat) => {
      came = true;
      return seat;
    });
    await settle();
    expect(came).toBe(false);
    first.leave();
    (await second).leave();
    expect(loads).toEqual(["/a", "/b"]);
  });

  test("nobody is overtaken for ever", async () => {
    const { seats, wish, pass } = machine(1);
    const running = await seats.take(wish("/a"));
    const order: string[] = [];
    const takeAndNote = async (path: string) => {
      const seat = await seats.take(wish(path));
      order.push(path);
      return seat;
    };
    const other = takeAndNote("/b");
    await settle();
    const soon = await seats.take(wish("/a"));
    pass(31_000);
    const late = takeAndNote("/a");
    await settle();
    expect(order).toEqual([]);
    running.leave();
    soon.leave();
    (await other).leave();
    (await late).leave();
    expect(order).toEqual(["/b", "/a"]);
  });

  test("whoever stops waiting is forgotten", async () => {
    const { seats, loads, wish } = machine(1);
    const running = await seats.take(wish("/a"));
    const controller = new AbortController();
    const waiting = seats.take(wish("/b"), controller.signal);
    await settle();
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "STOPPED" });
    running.leave();
    await settle();
    expect(loads).toEqual(["/a"]);
    expect(seats.inUse()).toEqual([]);
  });
});

test("models that fit beside each other do not wait", async () => {
  const { seats, loads, wish } = machine(2);
  const [one, other] = await Promise.all([seats.take(wish("/a")), seats.take(wish("/b"))]);
  expect(seats.inUse()).toEqual(["/a", "/b"]);
  one.leave();
  other.leave();
  (await seats.take(wish("/a"))).leave();
  expect(loads).toEqual(["/a", "/b"]);
});

test("a load that fails is told to whoever asked, and the next request tries again", async () => {
  const seats = createSeats();
  const failing: Wish<string> = {
    path: "/a",
    isReady: () => false,
    load: () => Promise.reject(new Error("The file is broken.")),
  };
  await expect(seats.take(failing)).rejects.toThrow("The file is broken.");
  await expect(seats.take({ ...failing, load: async () => "there" })).resolves.toMatchObject({ value: "there" });
});
