import { connectToParent } from "./parent.ts";

// A child that prints, and says some time later that it is still there.
connectToParent((wire) => {
  process.stderr.write("something for the log\n");
  setTimeout(() => wire.send("alive"), 200);
});
