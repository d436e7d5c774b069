import { expect, test } from "vitest";
import { changedFiles } from "./changed-files.ts";

const diff = `diff --git a/src/cart.ts b/src/cart.ts
index 1111111..2222222 100644
--- a/src/cart.ts
+++ b/src/cart.ts
@@ -1,4 +1,8 @@
 export function lineTotal(item: Item): number {
-  return item.price;
+  return item.price * item.count;
 }
+
+export function total(items: readonly Item[]): number {
+  return items.reduce((sum, item) => sum + lineTotal(item), 0);
+}
 
@@ -20,2 +24,1 @@ export class Till {
   open() {}
-  close() {}
diff --git a/logo.png b/logo.png
index 1..2 100644
Binary files a/logo.png and b/logo.png differ
diff --git a/src/old name.ts b/src/new.ts
similarity index 100%
rename from src/old name.ts
rename to src/new.ts
diff --git a/src/gone.py b/src/gone.py
deleted file mode 100644
--- a/src/gone.py
+++ /dev/null
@@ -1,2 +0,0 @@
-def oldest(orders):
--- a comment of the file
diff --git a/notes.md b/notes.md
new file mode 100644
--- /dev/null
+++ b/notes.md
@@ -0,0 +1 @@
+# Notes
\\ No newline at end of file
`;

test("each file of a diff is told with what comes, goes and is changed in it", () => {
  expect(changedFiles(diff).map(({ added, removed, ...file }) => ({ ...file, lines: [added.length, removed.length] }))).toEqual([
    {
      path: "src/cart.ts",
      kind: "changed",
      isBinary: false,
      declares: { added: ["total"], removed: [], changed: ["lineTotal", "Till"] },
      lines: [5, 2],
    },
    { path: "logo.png", kind: "changed", isBinary: true, declares: { added: [], removed: [], changed: [] }, lines: [0, 0] },
    {
      path: "src/new.ts",
      kind: "renamed",
      from: "src/old name.ts",
      isBinary: false,
      declares: { added: [], removed: [], changed: [] },
      lines: [0, 0],
    },
    { path: "src/gone.py", kind: "removed", isBinary: false, declares: { added: [], removed: ["oldest"], changed: [] }, lines: [0, 2] },
    { path: "notes.md", kind: "added", isBinary: false, declares: { added: [], removed: [], changed: [] }, lines: [1, 0] },
  ]);
});

test("a diff that is not from Git is read as well", () => {
  const plain = "--- one.ts\t2026-01-01\n+++ one.ts\t2026-01-02\n@@ -1 +1 @@\n-a\n+b\n--- two.ts\n+++ two.ts\n@@ -1 +1,2 @@\n a\n+c\n";
  expect(changedFiles(plain).map(({ path, added, removed }) => [path, added, removed])).toEqual([
    ["one.ts", ["b"], ["a"]],
    ["two.ts", ["c"], []],
  ]);
  expect(changedFiles("nothing of the kind")).toEqual([]);
});
