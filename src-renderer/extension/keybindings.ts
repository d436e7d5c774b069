/** A key of ours. `key` is for Linux and Windows; on a Mac the first stroke is Cmd+K. */
export interface KeyChoice {
  readonly command: string;
  readonly key: string;
  readonly mac: string;
  readonly when: string;
}

/** A chord under Ctrl+K, Cmd+K on a Mac. */
export function chord(command: string, second: string, when: string): KeyChoice {
  const mac = second.replace("ctrl+", "cmd+");
  return { command, key: `ctrl+k ${second}`, mac: `cmd+k ${mac}`, when };
}

const reviewing = "localcoder.reviewing";
const editing = "editorTextFocus && !editorReadonly";

/** Keys of ours that belong to no single action. Escape is only taken while something of ours is open in the editor. */
export const ownKeys: readonly KeyChoice[] = [
  // VS Code has these commands for ghost text, and no keys for them.
  chord("editor.action.inlineSuggest.trigger", "i", editing),
  chord("editor.action.inlineSuggest.acceptNextLine", "k", `${editing} && inlineSuggestionVisible`),
  chord("localcoder.review.keepAll", "ctrl+y", reviewing),
  chord("localcoder.review.undoAll", "ctrl+z", reviewing),
  chord("localcoder.review.keepHunk", "a", reviewing),
  chord("localcoder.review.undoHunk", "b", reviewing),
  chord("localcoder.review.next", "j", reviewing),
  chord("localcoder.review.previous", "l", reviewing),
  chord("localcoder.chat", "shift+i", ""),
  chord("localcoder.chat.addSelection", "shift+a", "editorTextFocus"),
  // The key that VS Code has for the same; its own part for it is not here.
  { command: "localcoder.chat.inline", key: "ctrl+i", mac: "cmd+i", when: editing },
  chord("localcoder.answer.focus", "q", "localcoder.answering || localcoder.reviewing"),
  {
    command: "localcoder.answer.escape",
    key: "escape",
    mac: "escape",
    when: "(localcoder.answering || localcoder.reviewing) && editorFocus && !suggestWidgetVisible && !findWidgetVisible && !inlineSuggestionVisible && !renameInputVisible && !parameterHintsVisible && !editorHasMultipleSelections && !inSnippetMode",
  },
];
