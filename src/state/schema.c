/* SPDX-License-Identifier: Apache-2.0 */
#include "schema.h"

#include "ajar/status.h"

/*
 * Everything is STRICT (SQLite 3.37), so that a text can never land in a number. Words of
 * closed lists are their numbers: the lists in vocab.h and state.h only ever grow at the
 * end. Times are Unix milliseconds, 0 for none. An IP address is its 16 bytes.
 */
static const char step_memory[] =
    "CREATE TABLE setting (name TEXT PRIMARY KEY NOT NULL, value INTEGER NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE owner (num INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE run (num INTEGER PRIMARY KEY AUTOINCREMENT,"
    " id TEXT NOT NULL UNIQUE, version TEXT NOT NULL, scope_digest TEXT NOT NULL,"
    " vantage TEXT NOT NULL, source INTEGER NOT NULL, manual INTEGER NOT NULL,"
    " state INTEGER NOT NULL, complete INTEGER NOT NULL, trusted INTEGER NOT NULL,"
    " started_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL, targets INTEGER NOT NULL,"
    " excluded INTEGER NOT NULL, observed INTEGER NOT NULL, not_visited INTEGER NOT NULL,"
    " requests INTEGER NOT NULL, events INTEGER NOT NULL, totals TEXT NOT NULL) STRICT;"
    /* One row a target, of its last look: the only table that grows with the estate.
     * closed_ms: the last proof that it was closed before that look. */
    "CREATE TABLE target (addr BLOB NOT NULL, port INTEGER NOT NULL, name TEXT NOT NULL,"
    " owner INTEGER NOT NULL, run INTEGER NOT NULL, seen_ms INTEGER NOT NULL,"
    " exposure INTEGER NOT NULL, outcome INTEGER NOT NULL, proof INTEGER NOT NULL,"
    " closed_ms INTEGER NOT NULL, answered_ms INTEGER NOT NULL, gap_ms INTEGER NOT NULL,"
    " finding INTEGER NOT NULL, PRIMARY KEY (addr, port, name)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE finding (num INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL "
    "UNIQUE,"
    " key TEXT NOT NULL, seq INTEGER NOT NULL, cluster TEXT NOT NULL,"
    " owner INTEGER NOT NULL REFERENCES owner(num), state INTEGER NOT NULL,"
    " announced INTEGER NOT NULL, events INTEGER NOT NULL, run INTEGER NOT NULL,"
    " run_id TEXT NOT NULL, vantage TEXT NOT NULL, product TEXT, uuid TEXT, contact TEXT,"
    " opened_ms INTEGER NOT NULL, last_closed_ms INTEGER NOT NULL,"
    " first_open_ms INTEGER NOT NULL, last_open_ms INTEGER NOT NULL,"
    " first_closed_ms INTEGER NOT NULL, resolved_ms INTEGER NOT NULL,"
    " reopened INTEGER NOT NULL, born_run INTEGER NOT NULL, event_ms INTEGER NOT NULL,"
    " history_flags INTEGER NOT NULL, accept_kind INTEGER NOT NULL,"
    " accept_since_ms INTEGER NOT NULL, accept_until_ms INTEGER NOT NULL,"
    " accept_exposure INTEGER NOT NULL, accept_severity INTEGER NOT NULL,"
    " accept_indices TEXT, accept_shapes TEXT, accept_by TEXT, accept_reason TEXT,"
    " told_state INTEGER NOT NULL, told_exposure INTEGER NOT NULL,"
    " told_severity INTEGER NOT NULL, told_flags INTEGER NOT NULL, told_version TEXT,"
    " told_count INTEGER NOT NULL, told_documents INTEGER NOT NULL, told_shapes TEXT,"
    " told_endpoints TEXT, rep INTEGER NOT NULL, exposure INTEGER NOT NULL,"
    " severity INTEGER NOT NULL, flags INTEGER NOT NULL, documents INTEGER NOT NULL,"
    " fingerprint INTEGER NOT NULL, names_digest INTEGER NOT NULL,"
    " copyable INTEGER NOT NULL, UNIQUE (key, seq)) STRICT;"
    "CREATE INDEX finding_live ON finding (num) WHERE state < 3;"
    "CREATE INDEX finding_fingerprint ON finding (fingerprint) WHERE copyable = 1;"
    "CREATE INDEX finding_names ON finding (names_digest, documents) WHERE copyable = 1;"
    "CREATE TABLE endpoint (num INTEGER PRIMARY KEY,"
    " finding INTEGER NOT NULL REFERENCES finding(num) ON DELETE CASCADE,"
    " addr BLOB NOT NULL, port INTEGER NOT NULL, name TEXT NOT NULL,"
    " scheme INTEGER NOT NULL, silent INTEGER NOT NULL, closed_looks INTEGER NOT NULL,"
    " retired INTEGER NOT NULL, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,"
    " closed_ms INTEGER NOT NULL, first_run INTEGER NOT NULL, exposure INTEGER NOT NULL,"
    " severity INTEGER NOT NULL, flags INTEGER NOT NULL, documents INTEGER NOT NULL,"
    " fingerprint INTEGER NOT NULL, names_digest INTEGER NOT NULL,"
    " copyable INTEGER NOT NULL, ransom INTEGER NOT NULL, list_count INTEGER NOT NULL,"
    " version TEXT, shapes TEXT, facts BLOB NOT NULL,"
    " UNIQUE (finding, addr, port, name)) STRICT;"
    "CREATE INDEX endpoint_addr ON endpoint (addr, port);"
    /* The outbox. seq is never used twice (AUTOINCREMENT). frozen: what it says can no
     * longer change. settled: 1 delivered wherever owed, 2 by hand. */
    "CREATE TABLE event (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,"
    " finding INTEGER NOT NULL REFERENCES finding(num) ON DELETE CASCADE,"
    " owner INTEGER NOT NULL, kind INTEGER NOT NULL, time_ms INTEGER NOT NULL,"
    " run INTEGER NOT NULL, urgent INTEGER NOT NULL, settled INTEGER NOT NULL,"
    " frozen INTEGER NOT NULL, copies INTEGER NOT NULL, copy_documents INTEGER NOT NULL,"
    " fingerprint INTEGER NOT NULL, body BLOB NOT NULL) STRICT;"
    "CREATE INDEX event_finding ON event (finding, seq);"
    "CREATE INDEX event_unsettled ON event (seq) WHERE settled = 0;"
    "CREATE INDEX event_unfrozen ON event (seq) WHERE frozen = 0;";

static const char step_delivery[] =
    "CREATE TABLE section (num INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " owners TEXT NOT NULL, queued_seq INTEGER NOT NULL) STRICT;"
    "CREATE TABLE delivery (section INTEGER NOT NULL REFERENCES section(num),"
    " seq INTEGER NOT NULL REFERENCES event(seq) ON DELETE CASCADE,"
    " finding INTEGER NOT NULL, state INTEGER NOT NULL, attempts INTEGER NOT NULL,"
    " last_ms INTEGER NOT NULL, next_ms INTEGER NOT NULL, detail TEXT,"
    " PRIMARY KEY (section, seq)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX delivery_event ON delivery (seq);"
    "CREATE INDEX delivery_owed ON delivery (section, finding, seq) WHERE state < 2;"
    "CREATE INDEX delivery_order ON delivery (section, seq) WHERE state < 2;"
    "CREATE TABLE reference (finding INTEGER NOT NULL REFERENCES finding(num)"
    " ON DELETE CASCADE, section INTEGER NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY (finding, section)) STRICT, WITHOUT ROWID;";

const char *const schema_steps[] = {step_memory, step_delivery};
const size_t schema_version = AJAR_COUNT_OF(schema_steps);
