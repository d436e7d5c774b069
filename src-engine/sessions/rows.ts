import type { Session } from "#core/contracts/sessions";

/** A row of the table of sessions, with its labels as a JSON array where they were asked for. */
export interface SessionRow {
  readonly number: number;
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly created: number;
  readonly updated: number;
  readonly state: Session["state"];
  readonly workspace: string | null;
  readonly path: string | null;
  readonly line_from: number | null;
  readonly line_to: number | null;
  readonly model: string | null;
  readonly provider: string | null;
  readonly removed: number | null;
  readonly archived: number | null;
  readonly outcome: string | null;
  readonly origin: string | null;
  readonly origin_how: string | null;
  readonly labels: string;
}

/** The columns of a {@link SessionRow}. */
export const sessionColumns =
  "sessions.*, (SELECT json_group_array(label) FROM session_labels WHERE session_labels.session = sessions.number) AS labels";

/** A row as the contract shows it: what is not there is left out. */
export function toSession(row: SessionRow): Session {
  const labels = JSON.parse(row.labels) as string[];
  return {
    id: row.id,
    title: row.title,
    kind: row.kind,
    created: row.created,
    updated: row.updated,
    state: row.state,
    ...(row.workspace !== null && { workspace: row.workspace }),
    ...(row.path !== null && { path: row.path }),
    ...(row.line_from !== null && row.line_to !== null && { lines: { from: row.line_from, to: row.line_to } }),
    ...(row.model !== null && { model: row.model }),
    ...(row.provider !== null && { provider: row.provider as Session["provider"] }),
    ...(row.archived !== null && { archived: row.archived }),
    ...(labels.length > 0 && { labels }),
    ...(row.outcome !== null && { outcome: row.outcome as Session["outcome"] }),
    ...(row.origin !== null && row.origin_how !== null && { origin: { id: row.origin, how: row.origin_how } as Session["origin"] }),
  };
}
