/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCOPE_H
#define AJAR_SCOPE_H

#include <time.h>

#include "ajar/addr.h"
#include "ajar/limits.h"
#include "ajar/vocab.h"

/*
 * Scope: what the organization declared as its own. It reads targets files, decides about
 * addresses, and is the only maker of a permit. It holds no socket and asks no resolver:
 * names are resolved by app and brought here as addresses. Format: docs/targets.md.
 */

/* A remark about a targets file. Texts are owned by the ajar_diags. */
struct ajar_diag
{
    bool is_error; /* else a warning */
    const char *file;
    unsigned line;   /* 1-based; 0 when the remark is about the file as a whole */
    unsigned column; /* 1-based, in bytes; 0 when about the line as a whole */
    const char *what;
    const char *mend; /* what to write instead */
};

struct ajar_diags
{
    struct ajar_diag *items;
    size_t count;
    size_t errors;
};

void ajar_diags_deinit(struct ajar_diags *diags);

struct ajar_port
{
    uint16_t port;
    uint8_t scheme; /* enum ajar_scheme */
};

/* What a section is declared to look like, so that a run can trust its own eyes. */
enum ajar_canary
{
    AJAR_CANARY_NONE,
    AJAR_CANARY_RECORDS,  /* a decoy of ours that must be seen wide open */
    AJAR_CANARY_PROTECTED /* a datastore of ours that must be seen refusing */
};

/* One section of a targets file: a service team and what is theirs. All texts are owned
 * by the scope and NUL-terminated. `ports` is never empty (defaults are filled in). */
struct ajar_section
{
    const char *id;       /* the section's name; `owner` in every contract */
    const char *owner;    /* display name; the id when not given */
    const char *contact;  /* may be NULL */
    const char *approval; /* the approved= text; may be NULL */
    uint64_t every_ms;    /* how often to look; 0: not given */
    enum ajar_canary canary;
    const char *file;
    unsigned line;
    const struct ajar_port *ports;
    size_t port_count;
};

/* A name declared by host=, to be resolved by app. */
struct ajar_scope_host
{
    const char *name;
    const struct ajar_section *section;
    unsigned line;
};

struct ajar_scope;

/* Default ports of the datastores we know, as ports= would say it. */
#define AJAR_DEFAULT_PORTS "9200-9205, 9243, 443/https"

/*
 * Reads the files (a folder stands for its *.ini, sorted) into a new scope. `today` is
 * for approvals. Remarks go to *diags (initialised by this call). With an error remark
 * the result is AJAR_ESYNTAX and *out is untouched: a half-read scope does not exist.
 * AJAR_ESYSTEM: a path cannot be read (a remark says which and why).
 * No path at all gives a scope that owns loopback alone.
 */
int ajar_scope_load(const char *const *paths, size_t path_count, time_t today,
                    struct ajar_diags *diags, struct ajar_scope **out) AJAR_MUST_CHECK;
/* The same from text, for tests and fuzzing: one file called `name`. */
int ajar_scope_load_text(const char *name, struct ajar_span text, time_t today,
                         struct ajar_diags *diags,
                         struct ajar_scope **out) AJAR_MUST_CHECK;
void ajar_scope_free(struct ajar_scope *scope);

/* True when a file that the scope was read from has changed on disk (device, inode, size,
 * mtime) or vanished. One stat() a file. */
bool ajar_scope_is_stale(const struct ajar_scope *scope);
/* Reads the exclusions of the same files again, and of files that are new in their
 * folders. Only exclusions change, and only what the files now say counts; a file that
 * cannot be read or has an error keeps its old exclusions, while those of the others are
 * renewed, and the call returns its status with remarks. Afterwards the scope is not
 * stale until the next change, so that a fault is said once. */
int ajar_scope_reload_exclusions(struct ajar_scope *scope,
                                 struct ajar_diags *diags) AJAR_MUST_CHECK;

/* SHA-256 over the normalised declaration (ranges, exclusions, ports, owners), 64 hex
 * digits: two runs with the same digest asked about the same space. */
const char *ajar_scope_digest(const struct ajar_scope *scope);

/*
 * Enumeration for a scan: hosts 0 .. count-1 are the owned, not excluded addresses of the
 * ranges, each once, in address order. The narrower range owns an address that two hold.
 * It and the digest are those of the load: reloaded exclusions show in permits alone, so
 * that an index keeps its meaning during a run.
 */
uint64_t ajar_scope_host_count(const struct ajar_scope *scope);
uint64_t ajar_scope_target_count(const struct ajar_scope *scope); /* hosts times ports */
uint64_t ajar_scope_excluded_count(const struct ajar_scope *scope); /* targets left out */
/* AJAR_ENOTFOUND from the count on. */
int ajar_scope_host_at(const struct ajar_scope *scope, uint64_t index,
                       struct ajar_addr *out_addr,
                       const struct ajar_section **out_section);
/* Names declared by host=, in the order of the files; NULL behind the last. */
size_t ajar_scope_name_count(const struct ajar_scope *scope);
const struct ajar_scope_host *ajar_scope_name_at(const struct ajar_scope *scope,
                                                 size_t index);

/* The sections in the order of the files; NULL behind the last. */
size_t ajar_scope_section_count(const struct ajar_scope *scope);
const struct ajar_section *ajar_scope_section_at(const struct ajar_scope *scope,
                                                 size_t index);

/* Why an address of the section is meant to be open (expect=), or NULL: it is not.
 * section may be NULL. */
const char *ajar_scope_expected(const struct ajar_scope *scope,
                                const struct ajar_section *section,
                                const struct ajar_addr *addr);

/* What scope says of an address. */
enum ajar_ruling
{
    AJAR_RULING_OWNED,
    AJAR_RULING_LOOPBACK, /* always owned; section may be NULL */
    AJAR_RULING_UNDECLARED,
    AJAR_RULING_EXCLUDED,
    AJAR_RULING_SPECIAL, /* IANA special-purpose: never scannable, even when listed */
    AJAR_RULING_PRIVATE_UNLISTED, /* private space, held only by a wider range */
    AJAR_RULING_EXPIRED           /* the approval is not yet or no longer valid */
};

struct ajar_explanation
{
    enum ajar_ruling ruling;
    const struct ajar_section *section; /* NULL when none declares it */
    const char *file; /* of the deciding line; NULL when there is none */
    unsigned line;
    const char *text;   /* the deciding line's value, or the registry block's name */
    const char *source; /* for SPECIAL: the registry's reference, e.g. "RFC 5737" */
};

/* The texts of an exclusion live until the next reload, all others as long as the scope.
 */
void ajar_scope_explain(const struct ajar_scope *scope, const struct ajar_addr *addr,
                        struct ajar_explanation *out);
/* Date of the built-in IANA table, "YYYY-MM-DD". */
const char *ajar_scope_registry_date(void);

/*
 * A permit: proof that scope allows this address and port to be dialled. The type is
 * complete in scope alone, so that no other room can make one. Borrows its section from
 * the scope: release every permit before ajar_scope_free.
 */
struct ajar_permit;

/* AJAR_EREFUSED when the ruling is neither OWNED nor LOOPBACK, AJAR_EINVAL for port 0.
 * The permit's section may be NULL for loopback that no file declares. */
int ajar_scope_permit(const struct ajar_scope *scope, const struct ajar_addr *addr,
                      uint16_t port, struct ajar_permit **out) AJAR_MUST_CHECK;
/* Asked before every dial: false when an exclusion now covers it. */
bool ajar_permit_is_valid(const struct ajar_permit *permit);
void ajar_permit_release(struct ajar_permit *permit); /* NULL is fine */
const struct ajar_addr *ajar_permit_addr(const struct ajar_permit *permit);
uint16_t ajar_permit_port(const struct ajar_permit *permit);
const struct ajar_section *ajar_permit_section(const struct ajar_permit *permit);

/* Parses a ports= value. On failure *out_column is the 1-based place of the fault and
 * *out_what says it (static text). At most AJAR_MAX_PORTS_PER_SECTION ports. */
int ajar_ports_parse(struct ajar_span text, struct ajar_port *out, size_t *out_count,
                     unsigned *out_column, const char **out_what) AJAR_MUST_CHECK;

#endif
