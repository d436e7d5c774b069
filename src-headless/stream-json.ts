import { UserError } from "#core/base/errors";
import type { ChatAnswer } from "#core/contracts/chat";

/**
 * Answers as one JSON object a line, in the shape that amp's command line prints with --stream-json and that programs written
 * for it read. A foreign form: it follows that program and not our contracts.
 */
export interface StreamJson {
  /** The thread is known; said once, before anything else. */
  begin(threadId: string): void;
  asked(text: string): void;
  answered(answer: ChatAnswer, window: number): void;
  /** The last line. */
  ended(outcome: { readonly result: string } | { readonly error: string }): void;
}

/** What the lines of {@link createStreamJson} depend on. */
export interface StreamJsonOptions {
  readonly folder: string;
  /** True: what a model thinks before it answers comes as blocks of its own, else not at all. */
  readonly thinking: boolean;
  readonly write: (line: string) => void;
  readonly now: () => number;
  /** Answers the thread has already. */
  readonly turns?: number;
}

/** Writes the lines. */
export function createStreamJson({ folder, thinking, write, now, turns: before = 0 }: StreamJsonOptions): StreamJson {
  const began = now();
  let session = "";
  let turns = before;
  const line = (value: object) => write(JSON.stringify(value));
  return {
    begin(threadId) {
      if (session !== "") return;
      session = threadId;
      line({ type: "system", subtype: "init", cwd: folder, session_id: session, tools: [], mcp_servers: [] });
    },
    asked(text) {
      line({ type: "user", message: { role: "user", content: [{ type: "text", text }] }, parent_tool_use_id: null, session_id: session });
    },
    answered({ text, tokens, stop }, window) {
      turns += 1;
      const message = {
        type: "message",
        role: "assistant",
        content: blocksOf(text).filter(({ type }) => thinking || type === "text"),
        stop_reason: stop === "limit" ? "max_tokens" : "end_turn",
        usage: {
          input_tokens: tokens.prompt,
          cache_creation_input_tokens: tokens.evaluated,
          cache_read_input_tokens: tokens.reused,
          output_tokens: tokens.generated,
          max_tokens: window,
          service_tier: "standard",
        },
      };
      line({ type: "assistant", message, parent_tool_use_id: null, session_id: session });
    },
    ended(outcome) {
      const common = { duration_ms: Math.round(now() - began), is_error: "error" in outcome, num_turns: turns };
      if ("error" in outcome)
        line({ type: "result", subtype: "error_during_execution", ...common, error: outcome.error, session_id: session });
      else line({ type: "result", subtype: "success", ...common, result: withoutThinking(outcome.result), session_id: session });
    },
  };
}

type Block = { readonly type: "text"; readonly text: string } | { readonly type: "thinking"; readonly thinking: string };

/** What a model that thinks writes first, between marks of its own, and the answer. */
function blocksOf(text: string): Block[] {
  const thought = /^\s*<think>([\s\S]*?)(?:<\/think>|$)/.exec(text);
  if (!thought) return [{ type: "text", text }];
  const rest = text.slice(thought[0].length).trim();
  return [{ type: "thinking", thinking: (thought[1] as string).trim() }, ...(rest === "" ? [] : [{ type: "text" as const, text: rest }])];
}

/** The answer alone, without what a model thought before it. */
export function withoutThinking(text: string): string {
  return blocksOf(text)
    .map((block) => (block.type === "text" ? block.text : ""))
    .join("");
}

/** The text of a line of --stream-json-input, counted from 1; undefined for a blank one. Throws BAD_INPUT for anything but a message of the user. */
export function readStreamJsonLine(line: string, number: number): string | undefined {
  if (line.trim() === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new UserError("BAD_INPUT", `Line ${number} of the input is not JSON.`, example);
  }
  const message = isRecord(value) && value.type === "user" && isRecord(value.message) ? value.message : undefined;
  const content = message?.role === "user" ? message.content : undefined;
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) throw new UserError("BAD_INPUT", `Line ${number} of the input is no message of a user.`, example);
  return content
    .map((block: unknown) => {
      if (isRecord(block) && block.type === "text" && typeof block.text === "string") return block.text;
      throw new UserError(
        "UNSUPPORTED",
        `The message in line ${number} of the input has something beside text.`,
        "Images and files are not read here.",
      );
    })
    .join("\n");
}

const example = 'Each line is {"type": "user", "message": {"role": "user", "content": [{"type": "text", "text": "..."}]}}.';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
