/** Above this many characters that the window has not drawn the program waits; below the second number it goes on. */
const highWater = 100_000;
const lowWater = 5_000;

/** Keeps a program from printing more than the window can draw. */
export interface FlowControl {
  /** Characters were handed out. */
  sent(characters: number): void;
  /** The window has drawn them. */
  drawn(characters: number): void;
}

/** Creates a {@link FlowControl} that pauses and resumes a source. */
export function createFlowControl(source: { pause(): void; resume(): void }): FlowControl {
  let waiting = 0;
  let paused = false;
  return {
    sent(characters) {
      waiting += characters;
      if (paused || waiting <= highWater) return;
      paused = true;
      source.pause();
    },
    drawn(characters) {
      waiting = Math.max(0, waiting - characters);
      if (!paused || waiting > lowWater) return;
      paused = false;
      source.resume();
    },
  };
}
