// What the hub's API answers (schemas/openapi.yaml). Times are RFC 3339.

export interface Label {id: string; vi: string; en: string}
export interface AgreementName extends Label {
  version: number; directed: boolean; in_force: {from: string; until?: string}; contact: string;
}
export interface Names {parties: Label[]; types: Label[]; agreements: AgreementName[]}

export interface Outcome {
  addressed: string; actual: string; outcome: string; agreement?: string; version?: number; clause?: string; state?: string;
  since?: string; unneeded?: string[];
}
export interface DocumentRow {
  position: number; time: string; id: string; conversation: string; type: string; sender: string; endpoint: string;
  subject: string; number?: string; urgency: number; document_time: string; deliver_at?: string; accepted: boolean;
  refusal?: string; body_bytes: number; erased?: boolean; outcomes: Outcome[];
}
export interface Documents {documents: DocumentRow[]; next?: number}

export interface DeliveryEvent {
  record: number; time: string; status: string; effective?: boolean; reported_time?: string; cause?: string;
  reason?: string; actor?: string;
}
export interface Delivery {
  id: string; position: number; index: number; replay?: number; document_id: string; type: string; sender: string;
  subject: string; recipient: string; endpoint: string; state: string; since: string; attempts: number; cause?: string;
  detail?: string;
}
export interface Deliveries {deliveries: Delivery[]; next?: number}
export interface Causes {causes: {cause: string; count: number; oldest: string; newest: string}[]}

export interface Trace {
  document: DocumentRow; leaf: string; digest: string; envelope: string; key_id: string; batch_index: number;
  case_references?: string[];
  batch?: {position: number; time: string; endpoint: string; count: number};
  facts?: Record<string, string>;
  deliveries: (Delivery & {last_record: number; events: DeliveryEvent[]})[];
  related: {relation: string; document: DocumentRow}[];
}

export interface Status {
  live: {
    version: string; started: string; time: string; origin: string; demo: boolean;
    journal: {id: string; end: number; durable_end: number; low_on_space: boolean};
    sessions: number; scheduled: number;
    endpoints: {
      endpoint: string; enabled: boolean; connected: boolean; paused: boolean; last_order: number; waiting: number; in_flight: number; oldest?: string;
      receipts_pending: number;
    }[];
  };
  ledger?: {
    position: number; lag_records?: number; lag_seconds?: number; documents: number; accepted: number; refused: number;
    refusals: Record<string, number>; deliveries: Record<string, number>;
    endpoints: {id: string; party: string; since?: string; pending: number; oldest_pending?: string}[];
  };
}

export interface Alert {
  alert: string; subject: string; since: string; facts: Record<string, string>;
  vi: {title: string; action: string}; en: {title: string; action: string};
}
export interface Alerts {alerts: Alert[]; changes: (Alert & {event: 'begins' | 'ends'; time: string})[]}

export interface Flow {sender: string; recipient?: string; type: string; accepted: number; refused: number; late: number}
export interface Flows {documents: number; counted_from?: string; more?: boolean; flows: Flow[]}

export interface Percentile {seconds: number; document: number}
export interface Durations {p50: Percentile; p95: Percentile}
export interface ReportFigures {
  sent: number; accepted: number; refused: Record<string, number>; delivered: number; answered: number; replays: number;
  readings: number; to_deliver?: Durations; to_answer?: Durations;
}
export interface ReportLine extends ReportFigures {
  agreement?: string; clause?: string; sender?: string; recipient?: string; records?: Record<string, string>;
}
export interface DeliveryStep {position: number; time: string; status: string; seconds: number}
export interface Sending {
  position: number; time: string; index: number; document_id: string; number?: string; type: string; sender: string;
  addressed?: string; recipient?: string; agreement?: string; version?: number; clause?: string; outcome: string;
  state?: string; delivered?: DeliveryStep; answered?: DeliveryStep; replays?: number[]; readings?: number[];
}
export interface DeliveryReport {
  position: number; time?: string; total: ReportFigures; lines: ReportLine[]; sendings: Sending[]; next?: number;
}

export interface Act {
  position: number; time: string; kind: string; action: string; actor: string; reason?: string;
  document?: {position: number; id: string; type: string; sender: string}; recipient?: string; delivery?: string;
  item?: string; item_id?: string; storage_key?: string; user?: string; role?: string; endpoint?: string;
}
export interface ActsPage {acts: Act[]; next?: number}
export interface Overreach {
  position: number; permissions: number; counted_from?: string; readings: ActsPage; replays: ActsPage;
  unused: {agreement: string; version: number; clause: string; type: string; sender: string; recipient: string}[];
  unneeded: {agreement: string; clause: string; sender: string; recipient: string; field: string; documents: number; records: string}[];
}

export interface Clause {
  id: string; words: string; words_corrected?: string; reading: string; reading_note?: string; over_level?: string;
  permit: {type: string; from: string; to: string | {competent_for: string; at_level: string}};
  when?: unknown; needs?: string[];
}
export interface AgreementText {
  agreement: string; version: number; basis: string; title: {vi: string; en: string};
  in_force: {from: string; until?: string | null}; parties: Record<string, string>; addressees?: Record<string, string>;
  groups?: Record<string, string[]>; contact: Record<string, string>; source: Record<string, string>; clauses: Clause[];
  root_keys?: Record<string, string>;
}
export interface AgreementHistory {
  versions: {position: number; time: string; actor: string; text: AgreementText}[];
  use: {version: number; clause?: string; accepted: number; refused: number}[];
}

export interface Session {
  user: string; roles: string[]; party?: string; permissions: string[]; csrf: string; expires: string;
}
export interface Ways {password: boolean; sign_on: boolean}
export interface UserRow {user: string; since: number; roles: string[]; party?: string}
export interface UserRows {last_change: number; users: UserRow[]}
export interface InvitationLink {user: string; link: string; expires: string}

export interface ErrorTexts {title: string; reason: string; action: string}
export interface HubError {code: string; facts: Record<string, string>; vi: ErrorTexts; en: ErrorTexts}
