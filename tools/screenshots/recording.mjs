import gifenc from "gifenc";
import { PNG } from "pngjs";

const { GIFEncoder, nearestColorIndex, quantize } = gifenc;
/** Milliseconds between two frames at least, and for how long the last one stays. */
const leastBetween = 150;
const lastStays = 2500;
const colors = 64;

/** Starts to record a page; the result stops it and gives its frames: what was on the screen, and when. */
export async function record(page) {
  const session = await page.context().newCDPSession(page);
  const frames = [];
  session.on("Page.screencastFrame", ({ data, metadata, sessionId }) => {
    frames.push({ png: Buffer.from(data, "base64"), at: metadata.timestamp * 1000 });
    // The next one is made once this one is acknowledged.
    setTimeout(() => session.send("Page.screencastFrameAck", { sessionId }).catch(() => {}), leastBetween);
  });
  await session.send("Page.startScreencast", { format: "png" });
  return async () => {
    await session.send("Page.stopScreencast");
    await session.detach();
    // They do not always come in order.
    return frames.sort((one, other) => one.at - other.at);
  };
}

/** Frames as a GIF of the same speed. Pixels that stay are transparent, which is what makes it small. */
export function encodeGif(frames) {
  const images = frames.map(({ png, at }) => ({ ...PNG.sync.read(png), at }));
  const [first] = images;
  if (first === undefined) throw new Error("Nothing was recorded.");
  const { width, height } = first;
  const palette = paletteOf(images.filter(({ data }) => data.length === first.data.length));
  const transparent = palette.length;
  const indexes = new Map();
  const indexOf = (data, at) => {
    const key = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    const known = indexes.get(key);
    if (known !== undefined) return known;
    const index = nearestColorIndex(palette, [data[at], data[at + 1], data[at + 2]]);
    indexes.set(key, index);
    return index;
  };

  const shown = new Uint8Array(width * height).fill(transparent);
  const changes = [];
  for (const { data, at } of images) {
    if (data.length !== first.data.length) continue;
    const pixels = new Uint8Array(width * height).fill(transparent);
    let changed = false;
    for (let pixel = 0; pixel < pixels.length; pixel++) {
      const index = indexOf(data, pixel * 4);
      if (index === shown[pixel]) continue;
      pixels[pixel] = shown[pixel] = index;
      changed = true;
    }
    if (changed) changes.push({ pixels, at });
  }
  return {
    bytes: writeGif(changes, [...palette, [0, 0, 0]], width, height),
    seconds: ((changes.at(-1)?.at ?? 0) - (changes[0]?.at ?? 0)) / 1000,
  };
}

/** Writes frames of palette indexes; its last colour is the transparent one. */
function writeGif(frames, palette, width, height) {
  const transparentIndex = palette.length - 1;
  const gif = GIFEncoder();
  for (const [index, { pixels, at }] of frames.entries()) {
    const next = frames[index + 1];
    const delay = next === undefined ? lastStays : next.at - at;
    const common = { delay, transparent: true, transparentIndex, dispose: 1 };
    if (index === 0) {
      gif.writeFrame(pixels, width, height, { palette, ...common });
      continue;
    }
    const { left, top, right, bottom } = boundsOf(pixels, width, transparentIndex);
    const part = new Uint8Array((right - left) * (bottom - top));
    for (let row = top; row < bottom; row++)
      part.set(pixels.subarray(row * width + left, row * width + right), (row - top) * (right - left));
    const start = gif.bytesView().length;
    gif.writeFrame(part, right - left, bottom - top, common);
    // The encoder puts each frame into the corner; where it belongs stands behind the 8 bytes of its extension and the mark of an image.
    const written = gif.bytesView();
    new DataView(written.buffer, written.byteOffset).setUint16(start + 9, left, true);
    new DataView(written.buffer, written.byteOffset).setUint16(start + 11, top, true);
  }
  gif.finish();
  return gif.bytes();
}

/** The smallest part with all that is not transparent. */
function boundsOf(pixels, width, transparentIndex) {
  const bounds = { left: width, top: Number.POSITIVE_INFINITY, right: 0, bottom: 0 };
  for (const [at, index] of pixels.entries()) {
    if (index === transparentIndex) continue;
    const column = at % width;
    const row = (at - column) / width;
    bounds.left = Math.min(bounds.left, column);
    bounds.right = Math.max(bounds.right, column + 1);
    bounds.top = Math.min(bounds.top, row);
    bounds.bottom = Math.max(bounds.bottom, row + 1);
  }
  return bounds;
}

/** The colours of the whole recording, found in a few of its frames. */
function paletteOf(images) {
  const some = [0, 0.25, 0.5, 0.75, 1].map((share) => images[Math.round(share * (images.length - 1))]);
  const sample = new Uint8Array(some.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of some) {
    sample.set(data, at);
    at += data.length;
  }
  return quantize(sample, colors);
}
