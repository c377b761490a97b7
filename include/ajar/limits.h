/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_LIMITS_H
#define AJAR_LIMITS_H

/* Every maximum of ajar on one page. Bytes unless the name says otherwise. */

/* One visit */
#define AJAR_MAX_REQUESTS 12 /* to one target, redials included */
/* connections of one visit: a server may close after each reply, and TLS costs one more
 */
#define AJAR_MAX_DIALS 13
#define AJAR_MAX_REASONS 12
#define AJAR_MAX_TRACE_RULES 20      /* six of exposure, severity, and the flags */
#define AJAR_MAX_PROOF 160           /* bytes of a reply that a trace keeps */
#define AJAR_MAX_FLAWS 8             /* known flaws told of one release */
#define AJAR_MAX_LARGEST 5           /* largest indices named in a finding */
#define AJAR_MAX_NAMES 256           /* index names that a finding keeps */
#define AJAR_MAX_MAPPINGS 3          /* indices whose field names are read */
#define AJAR_MAX_SENSITIVE_FIELDS 10 /* field names in a finding, of each list */
#define AJAR_MAX_VISIT_ARENA (256u * 1024u)

/* A request line stays below 4096 (wire-facts R15). */
#define AJAR_MAX_REQUEST 3072
#define AJAR_MAX_INDEX_NAME 255 /* Elasticsearch: 255 bytes */

/* A reply (ecosystem.md 6.1) */
#define AJAR_MAX_HEADER_BYTES (64u * 1024u)
#define AJAR_MAX_HEADER_LINES 128
#define AJAR_MAX_INTERIM_REPLIES 8 /* 1xx before the real one */
#define AJAR_MAX_CHUNK_EXTENSION (16u * 1024u)
#define AJAR_MAX_BODY (256u * 1024u)               /* read as a whole */
#define AJAR_MAX_STREAM_BODY (64u * 1024u * 1024u) /* read row by row, never held */
#define AJAR_MAX_ROW (16u * 1024u)
#define AJAR_MAX_JSON_DEPTH 64

/* TLS */
#define AJAR_MAX_HANDSHAKE (64u * 1024u)
#define AJAR_MAX_TLS_NAMES 16

/* Targets files */
#define AJAR_MAX_TARGETS_FILE (4u * 1024u * 1024u)
#define AJAR_MAX_TARGETS_LINE 190 /* inih 55 reads lines of at most 200 bytes */
#define AJAR_MAX_PORTS_PER_SECTION 256
#define AJAR_MIN_V4_PREFIX 8    /* a shorter one is an error */
#define AJAR_MAX_V6_HOSTS 65536 /* a /112; more cannot be enumerated */

#endif
