// The tables of schema.cpp with times and digests that people read. Internal to it.
#pragma once

namespace hub::ledger {

inline constexpr const char* kViews = R"sql(
CREATE VIEW readable_records AS SELECT position, RFC3339(time) AS time,
  kind, HEX(leaf) AS leaf, body_bytes, about FROM records;

CREATE VIEW readable_documents AS SELECT position, RFC3339(time) AS time,
  id, conversation, type, sender, endpoint, subject, number, urgency,
  RFC3339(document_time) AS document_time, RFC3339(deliver_at) AS deliver_at,
  accepted, refusal, facts, batch, batch_index, key_id, HEX(digest) AS digest,
  HEX(envelope) AS envelope, body_bytes, storage_key,
  CASE WHEN EXISTS (SELECT 1 FROM storage_keys k WHERE k.id = storage_key AND k.state = 'destroyed') THEN 1 ELSE 0 END
    AS erased,
  previous_refusal, earlier_acceptance FROM documents;

CREATE VIEW readable_body_readings AS SELECT b.position, RFC3339(b.time) AS time,
  b.document, d.id AS document_id, d.sender, b.reader, b.reason
  FROM body_readings b JOIN documents d ON d.position = b.document;

CREATE VIEW readable_role_changes AS SELECT position, RFC3339(time) AS time,
  action, name, role, party, actor, reason FROM role_changes;

CREATE VIEW readable_endpoint_orders AS SELECT position, RFC3339(time) AS time,
  endpoint, action, actor, reason FROM endpoint_orders;

CREATE VIEW readable_storage_key_orders AS SELECT o.position, RFC3339(o.time) AS time,
  o.id, k.months, k.month, o.action, o.administrators, o.reason FROM storage_key_orders o JOIN storage_keys k USING (id);

CREATE VIEW readable_deliveries AS SELECT l.id AS delivery, l.position, l.idx, l.replay, d.id AS document, d.type,
  d.sender, d.subject, o.addressed, l.recipient, l.endpoint, o.agreement, o.version, o.clause, l.state,
  RFC3339(l.since) AS since,
  l.attempts, l.cause, l.detail
  FROM deliveries l JOIN documents d ON d.position = l.position
  JOIN outcomes o ON o.position = l.position AND o.idx = l.idx;

CREATE VIEW readable_unneeded_fields AS SELECT u.position, RFC3339(d.time) AS time,
  d.id AS document, d.type, d.sender, o.actual AS recipient, o.agreement, o.version, o.clause, u.field
  FROM unneeded_fields u JOIN outcomes o ON o.position = u.position AND o.idx = u.idx
  JOIN documents d ON d.position = u.position;

CREATE VIEW readable_events AS SELECT l.id AS delivery, e.record,
  RFC3339(e.time) AS time,
  e.status, e.effective,
  RFC3339(e.reported_time) AS reported_time, e.cause, e.reason, e.actor
  FROM delivery_events e JOIN deliveries l ON l.position = e.position AND l.idx = e.idx AND l.replay = e.replay;
)sql";

}  // namespace hub::ledger
