// A history at work, to be killed at any moment: what it prints had happened before. For kills.test.ts.

import { join } from "node:path";
import { writeFileSafely } from "../workspace/write.ts";
import { openDatabase } from "./database.ts";
import { createSessions } from "./sessions.ts";

const [folder = "", run = ""] = process.argv.slice(2);
const database = openDatabase({ folder });
const sessions = createSessions({
  database,
  settings: { current: () => ({ "localcoder.history.keep": "keep", "localcoder.history.days": 0 }) },
});
const say = (...parts: readonly unknown[]) => console.log(JSON.stringify(parts));

for (let round = 0; ; round++) {
  const word = (name: string) => `${name}${run}x${round}`;
  const recorder = sessions.begin({
    title: word("asked"),
    kind: "improve",
    workspace: "/w",
    messages: [{ role: "user", text: word("question") }],
  });
  say("begun", recorder.id);
  for (let piece = 0; piece < 40; piece++) {
    recorder.append(`${word("piece")}n${piece} `);
    say("piece", recorder.id, `${word("piece")}n${piece} `);
  }
  recorder.addPatch(word("diff"));
  recorder.finish("done");
  say("done", recorder.id);
  sessions.report(recorder.id, "kept", word("kept"));
  say("kept", recorder.id, word("kept"));
  sessions.update(recorder.id, { title: word("renamed"), labels: [word("label")] });
  say("named", recorder.id, word("renamed"), word("label"));
  const copied = sessions.show(recorder.id);
  const transcripts = Array.from({ length: 20 }, (_, number) => ({
    ...copied,
    session: { ...copied.session, id: word(`import${number}n`) },
  }));
  const { added } = sessions.import(transcripts);
  say("imported", ...added.map(({ id }) => id));
  const gone = sessions.branch(recorder.id);
  sessions.remove(gone.id);
  say("removed", gone.id);
  const again = sessions.resume(recorder.id);
  again.append(word("more"));
  say("piece", recorder.id, word("more"));
  again.finish("stopped");
  const thread = sessions.begin({ title: word("thread"), kind: "chat", workspace: "/w", messages: [{ role: "system", text: "s" }] });
  const asked = thread.add("user", word("first"));
  thread.append(word("answer"));
  thread.endAnswer();
  const compaction = { namedTo: 0, summarisedTo: 2, summary: word("notes"), attachments: [] };
  thread.add("note", word("left out"), { compaction });
  say("compacted", thread.id, word("notes"), word("answer"));
  thread.finish("done");
  // An edit of a question keeps the thread as it was in a copy.
  const before = sessions.rewind(thread.id, asked, word("before"));
  say("edited", before.id, word("answer"), word("before"));
  // What is kept reaches its file whole, or not at all.
  await writeFileSafely(join(folder, "kept.txt"), Buffer.from(`${word("kept")}\n`.repeat(20_000)), { create: true, overwrite: true });
  say("wrote", "kept.txt", word("kept"));
  await new Promise((resolve) => setImmediate(resolve));
}
