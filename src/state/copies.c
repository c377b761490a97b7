/* SPDX-License-Identifier: Apache-2.0 */
#include "copies.h"

#include <stdlib.h>

#include "ajar/prng.h"

/* Most findings that one list compares: beyond, the list says that it has no memory. */
#define COPIES_MAX (4u * 1024u * 1024u)

struct copy
{
    uint64_t fingerprint;
    uint64_t names_digest;
    uint64_t documents;
    uint64_t cluster; /* hashed */
};

struct copies
{
    struct copy *by_names; /* by names, then documents */
    struct copy *by_fingerprint;
    uint64_t *clusters; /* room to count one set */
    size_t count;
    size_t room;
    /* the last answer: lists are full of equal sets, and those of one rule are equal */
    struct copy last;
    struct ajar_dataset_view last_view;
};

static int compare_u64(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b ? 1 : 0;
}

static int compare_names(const void *a, const void *b)
{
    const struct copy *left = a;
    const struct copy *right = b;
    int order = compare_u64(left->names_digest, right->names_digest);
    return order != 0 ? order : compare_u64(left->documents, right->documents);
}

static int compare_fingerprint(const void *a, const void *b)
{
    const struct copy *left = a;
    const struct copy *right = b;
    return compare_u64(left->fingerprint, right->fingerprint);
}

static int compare_cluster(const void *a, const void *b)
{
    return compare_u64(*(const uint64_t *)a, *(const uint64_t *)b);
}

static bool add(struct copies *copies, const struct copy *copy)
{
    if (copies->count == copies->room)
    {
        size_t room = copies->room > 0 ? copies->room * 2 : 256;
        struct copy *grown =
            room <= COPIES_MAX ? realloc(copies->by_names, room * sizeof *grown) : NULL;
        if (grown == NULL)
        {
            return false;
        }
        copies->by_names = grown;
        copies->room = room;
    }
    copies->by_names[copies->count++] = *copy;
    return true;
}

static uint64_t hash_text(const unsigned char *text)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a, then mixed */
    for (; text != NULL && *text != '\0'; text++)
    {
        hash = (hash ^ *text) * 0x100000001b3u;
    }
    return ajar_prng_mix(1, hash);
}

static int read_all(struct ajar_state *state, int64_t owner, struct copies *copies)
{
    sqlite3_stmt *statement =
        db_statement(state, DB_SLOT_QUERY + 23,
                     "SELECT fingerprint, names_digest, documents, cluster FROM finding"
                     " WHERE copyable = 1 AND state < 3 AND (?1 = 0 OR owner = ?1)");
    db_int(statement, 1, owner);
    int status = db_step(state, statement);
    while (status == 1)
    {
        struct copy copy = {db_unbits(db_get(statement, 0)),
                            db_unbits(db_get(statement, 1)), db_get_u64(statement, 2),
                            hash_text(sqlite3_column_text(statement, 3))};
        if (!add(copies, &copy))
        {
            (void)sqlite3_reset(statement);
            return db_fault(state, AJAR_STATE_FAULT_MEMORY, "out of memory");
        }
        status = db_step(state, statement);
    }
    return status;
}

static int sort_all(struct ajar_state *state, struct copies *copies)
{
    size_t bytes = (copies->count + 1) * sizeof(struct copy);
    copies->by_fingerprint = malloc(bytes);
    copies->clusters = malloc((2 * copies->count + 1) * sizeof *copies->clusters);
    if (copies->by_fingerprint == NULL || copies->clusters == NULL)
    {
        return db_fault(state, AJAR_STATE_FAULT_MEMORY, "out of memory");
    }
    if (copies->count > 0)
    {
        memcpy(copies->by_fingerprint, copies->by_names,
               copies->count * sizeof(struct copy));
        qsort(copies->by_names, copies->count, sizeof(struct copy), compare_names);
        qsort(copies->by_fingerprint, copies->count, sizeof(struct copy),
              compare_fingerprint);
    }
    return AJAR_OK;
}

int copies_load(struct ajar_state *state, int64_t owner, struct copies **out)
{
    struct copies *copies = calloc(1, sizeof *copies);
    if (copies == NULL)
    {
        return db_fault(state, AJAR_STATE_FAULT_MEMORY, "out of memory");
    }
    int status = read_all(state, owner, copies);
    status = status == AJAR_OK ? sort_all(state, copies) : status;
    if (status != AJAR_OK)
    {
        copies_free(copies);
        return status;
    }
    *out = copies;
    return AJAR_OK;
}

void copies_free(struct copies *copies)
{
    if (copies != NULL)
    {
        free(copies->by_names);
        free(copies->by_fingerprint);
        free(copies->clusters);
        free(copies);
    }
}

/* The first row that is not below the key. */
static size_t lower(const struct copy *rows, size_t count, const struct copy *key,
                    int (*compare)(const void *, const void *))
{
    size_t first = 0;
    while (count > 0)
    {
        size_t half = count / 2;
        bool below = compare(&rows[first + half], key) < 0;
        first += below ? half + 1 : 0;
        count = below ? count - half - 1 : half;
    }
    return first;
}

static size_t gather(struct copies *copies, const struct copy *key, uint64_t *out_most)
{
    size_t found = 0;
    uint64_t high = 0;
    struct copy low = *key;
    size_t at = lower(copies->by_fingerprint, copies->count, key, compare_fingerprint);
    for (;
         at < copies->count && copies->by_fingerprint[at].fingerprint == key->fingerprint;
         at++)
    {
        const struct copy *copy = &copies->by_fingerprint[at];
        copies->clusters[found++] = copy->cluster;
        *out_most = copy->documents > *out_most ? copy->documents : *out_most;
    }
    life_near_bounds(key->documents, &low.documents, &high);
    at = key->names_digest != 0
             ? lower(copies->by_names, copies->count, &low, compare_names)
             : copies->count;
    for (; at < copies->count && copies->by_names[at].names_digest == key->names_digest &&
           copies->by_names[at].documents <= high;
         at++)
    {
        const struct copy *copy = &copies->by_names[at];
        copies->clusters[found++] = copy->cluster;
        *out_most = copy->documents > *out_most ? copy->documents : *out_most;
    }
    return found;
}

int copies_of(struct copies *copies, const struct row_finding *finding,
              struct ajar_dataset_view *out)
{
    struct copy key = {db_unbits(finding->fingerprint), db_unbits(finding->names_digest),
                       finding->documents > 0 ? (uint64_t)finding->documents : 0, 0};
    *out = (struct ajar_dataset_view){key.fingerprint, 1, key.documents};
    if (finding->copyable == 0)
    {
        return AJAR_OK;
    }
    if (copies->last_view.copies > 0 && memcmp(&copies->last, &key, sizeof key) == 0)
    {
        *out = copies->last_view;
        return AJAR_OK;
    }
    size_t found = gather(copies, &key, &out->documents);
    qsort(copies->clusters, found, sizeof *copies->clusters, compare_cluster);
    uint64_t distinct = found > 0 ? 1 : 0;
    for (size_t i = 1; i < found; i++)
    {
        distinct += copies->clusters[i] != copies->clusters[i - 1] ? 1 : 0;
    }
    out->copies = distinct > 0 ? distinct : 1; /* a resolved one is not among them */
    copies->last = key;
    copies->last_view = *out;
    return AJAR_OK;
}
