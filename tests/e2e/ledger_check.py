"""Holds a ledger against the journal that it follows: what `journal dump --json` says, counted here anew, against SQL.

The dump is read without the ledger's code: documents and outcomes field by field; deliveries by the rule that an
endpoint's acknowledgements are cumulative, so that as many of its deliveries are delivered as the last one says."""

import json
import sqlite3
import subprocess
from collections import Counter


def dump(binaries, data):
    command = [str(binaries / "hubctl"), "journal", "dump", "--json", "--data", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def rows(ledger, sql, *parameters):
    connection = sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)
    try:
        return connection.execute(sql, parameters).fetchall()
    finally:
        connection.close()


def contents(ledger):
    """Every row of every table. The index of words is left out: how its parts are merged depends on when it was written."""
    tables = rows(ledger, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'document_words%'")
    return {name: sorted(rows(ledger, f"SELECT * FROM {name}"), key=repr) for (name,) in tables}


DOCUMENT_FIELDS = ("document_id", "conversation", "type", "sender", "endpoint", "key_id", "subject", "number", "urgency",
                   "time", "batch", "index")


def documents_of(records):
    out = {}
    for record in records:
        if not record["kind"].startswith("document-"):
            continue
        fields = record["fields"]
        out[record["position"]] = (
            record["time"],
            record["leaf"],
            record["kind"] == "document-accepted",
            fields.get("refusal"),
            fields.get("previous_refusal"),
            fields.get("digest", record.get("body_digest")),
            record["body_bytes"],
            *(fields[name] for name in DOCUMENT_FIELDS),
        )
    return out


def documents_in(ledger):
    sql = """SELECT d.position, d.time, r.leaf, d.accepted, d.refusal, d.previous_refusal, d.digest, d.body_bytes, d.id,
                    d.conversation, d.type, d.sender, d.endpoint, d.key_id, d.subject, d.number, d.urgency,
                    d.document_time, d.batch, d.batch_index
             FROM readable_documents d JOIN readable_records r USING (position)"""
    return {row[0]: (*row[1:3], bool(row[3]), *row[4:]) for row in rows(ledger, sql)}


def outcomes_of(records):
    names = ("addressed", "actual", "outcome", "agreement", "version", "clause")
    return {
        (record["position"], index, *(row[name] for name in names))
        for record in records
        if record["kind"].startswith("document-")
        for index, row in enumerate(record["fields"]["outcomes"])
    }


def delivered_of(records):
    """How many deliveries each endpoint has acknowledged."""
    out = Counter()
    for record in records:
        fields = record["fields"]
        if record["kind"] == "deliveries-acknowledged":
            out[fields["endpoint"]] = max(out[fields["endpoint"]], fields["stored"])
        if record["kind"] == "endpoint-connected":
            out[fields["endpoint"]] = max(out[fields["endpoint"]], fields["deliveries_stored"])
    return +out


def check(test, records, ledger):
    """Fails the test where the ledger says anything else than the journal."""
    records_there = rows(ledger, "SELECT position, time, kind, leaf, body_bytes FROM readable_records ORDER BY position")
    test.assertEqual(records_there, [tuple(r[n] for n in ("position", "time", "kind", "leaf", "body_bytes")) for r in records])
    test.assertEqual(rows(ledger, "SELECT position FROM meta"), [(len(records),)])
    test.assertEqual(documents_in(ledger), documents_of(records))
    outcomes = outcomes_of(records)
    sql = "SELECT position, idx, addressed, actual, outcome, agreement, version, clause FROM outcomes"
    test.assertEqual(set(rows(ledger, sql)), outcomes)

    cases = {(r["position"], c) for r in records for c in r["fields"].get("case_references", [])}
    test.assertEqual(set(rows(ledger, "SELECT position, reference FROM case_references")), cases)

    deliveries = rows(ledger, "SELECT position, idx, recipient FROM deliveries")
    accepted = {(row[0], row[1], row[3]) for row in outcomes if row[4] == "accepted"}
    test.assertEqual(set(deliveries), accepted)
    delivered = rows(ledger, "SELECT endpoint, count(*) FROM deliveries WHERE state = 'delivered' GROUP BY endpoint")
    test.assertEqual(Counter(dict(delivered)), delivered_of(records))
    late = rows(ledger, """SELECT count(*) FROM deliveries l LEFT JOIN delivery_events e USING (position, idx, replay)
                           WHERE (l.state = 'delivered') <> (e.status IS NOT NULL) OR e.record <= l.position""")
    test.assertEqual(late, [(0,)])

    kinds = Counter(record["kind"] for record in records)
    for table, kind in (("batches", "batch-received"), ("configuration_changes", "configuration-changed"),
                        ("sessions", "endpoint-connected"), ("strangers", "strangers-refused")):
        where = " WHERE refusal IS NULL" if table == "batches" else ""
        test.assertEqual(rows(ledger, f"SELECT count(*) FROM {table}{where}"), [(kinds[kind],)], table)
    test.assertEqual(
        dict(rows(ledger, "SELECT name, count FROM counts WHERE subject = 'documents' AND count <> 0")),
        +Counter(accepted=kinds["document-accepted"], refused=kinds["document-refused"]),
    )
    test.assertEqual(
        dict(rows(ledger, "SELECT name, count FROM counts WHERE subject = 'deliveries' AND count <> 0")),
        dict(rows(ledger, "SELECT state, count(*) FROM deliveries GROUP BY state")),
    )
