/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/classify.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

/*
 * The tables of advice are held against the program by their own CSV files, which this
 * test reads: at both edges of every row.
 */

#define ADVICE AJAR_SOURCE_DIR "/src/classify/advice/"

enum
{
    ROWS = 200,
    COLUMNS = 11,
    LINE = 1024
};

struct row
{
    char line[LINE];
    const char *field[COLUMNS];
};

static struct row rows[ROWS];

/* The rows of a table, split at their commas. */
static size_t table(const char *name, size_t columns)
{
    char path[512];
    size_t count = 0;
    bool head = false;
    (void)snprintf(path, sizeof(path), ADVICE "%s.csv", name);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    while (count < ROWS && fgets(rows[count].line, LINE, file) != NULL)
    {
        struct row *row = &rows[count];
        row->line[strcspn(row->line, "\n")] = '\0';
        if (row->line[0] == '#' || row->line[0] == '\0' || !head)
        {
            head = head || row->line[0] != '#';
            continue;
        }
        char *at = row->line;
        for (size_t i = 0; i < columns; i++)
        {
            row->field[i] = at;
            at += strcspn(at, ",");
            cr_assert_eq(*at, i + 1 < columns ? ',' : '\0', "%s", row->field[0]);
            *at++ = '\0';
        }
        count++;
    }
    (void)fclose(file);
    cr_assert(count > 0 && count < ROWS, "%s", path);
    return count;
}

static const struct ajar_flaw *told(const char *product, const char *version,
                                    uint32_t flags, enum ajar_exposure exposure,
                                    const char *id, const char *what)
{
    const struct ajar_flaw *flaws[AJAR_MAX_FLAWS] = {0};
    size_t count = ajar_release_flaws(product, version, flags, exposure, flaws);
    cr_assert_leq(count, AJAR_MAX_FLAWS);
    for (size_t i = 0; i < count; i++)
    {
        if (strcmp(flaws[i]->id, id) == 0 &&
            (what == NULL || strcmp(flaws[i]->what, what) == 0))
        {
            return flaws[i];
        }
    }
    return NULL;
}

static const struct ajar_flaw *open_flaw(const char *product, const char *version,
                                         const char *id)
{
    return told(product, version, 0, AJAR_EXPOSURE_RECORDS, id, NULL);
}

/* The number before: 1.3.0 comes after 1.2.99999. */
static void older(const char *version, char out[64])
{
    struct ajar_release r;
    cr_assert(ajar_release_parse(version, &r));
    uint32_t minor = r.patch > 0 || r.minor > 0 ? r.minor - (r.patch == 0) : 99999;
    uint32_t major = r.patch > 0 || r.minor > 0 ? r.major : r.major - 1;
    (void)snprintf(out, 64, "%u.%u.%u", major, minor,
                   r.patch > 0 ? r.patch - 1 : (uint32_t)99999);
}

enum
{
    ID,
    PRODUCT,
    FIRST,
    BEFORE,
    FIXED,
    ACCESS,
    NEEDS,
    KIND,
    WHAT,
    SOURCE
};

static void check_edges(const struct row *row)
{
    const char *const *f = row->field;
    char text[64];
    bool from_zero = strcmp(f[FIRST], "0.0.0") == 0;
    cr_expect_not_null(
        told(f[PRODUCT], f[FIRST], 0, AJAR_EXPOSURE_RECORDS, f[ID], f[WHAT]), "%s %s",
        f[ID], f[FIRST]);
    older(f[BEFORE], text);
    cr_expect_not_null(told(f[PRODUCT], text, 0, AJAR_EXPOSURE_RECORDS, f[ID], f[WHAT]),
                       "%s %s", f[ID], text);
    cr_expect_null(told(f[PRODUCT], f[BEFORE], 0, AJAR_EXPOSURE_RECORDS, f[ID], f[WHAT]),
                   "%s %s", f[ID], f[BEFORE]);
    cr_expect_null(open_flaw(f[PRODUCT], f[FIXED], f[ID]), "%s %s", f[ID], f[FIXED]);
    if (!from_zero)
    {
        older(f[FIRST], text);
        cr_expect_null(told(f[PRODUCT], text, 0, AJAR_EXPOSURE_RECORDS, f[ID], f[WHAT]),
                       "%s %s", f[ID], text);
    }
}

/* What a release candidate of either edge has, nobody knows. */
static void check_candidates(const struct row *row)
{
    static const char *const behind[] = {"-rc1", "-SNAPSHOT", ".Beta1", "-alpha2"};
    const char *const *f = row->field;
    char text[64];
    for (size_t i = 0; i < AJAR_COUNT_OF(behind); i++)
    {
        (void)snprintf(text, sizeof(text), "%s%s", f[FIRST], behind[i]);
        cr_expect_null(told(f[PRODUCT], text, 0, AJAR_EXPOSURE_RECORDS, f[ID], f[WHAT]),
                       "%s %s", f[ID], text);
        (void)snprintf(text, sizeof(text), "%s%s", f[BEFORE], behind[i]);
        cr_expect_null(told(f[PRODUCT], text, 0, AJAR_EXPOSURE_RECORDS, f[ID], f[WHAT]),
                       "%s %s", f[ID], text);
    }
}

/* Who needs rights is told of where a stranger has them. */
static void check_exposures(const struct row *row)
{
    const char *const *f = row->field;
    for (int i = 0; i < AJAR_EXPOSURE_COUNT; i++)
    {
        enum ajar_exposure exposure = (enum ajar_exposure)i;
        bool any = strcmp(f[ACCESS], "none") == 0;
        bool found = told(f[PRODUCT], f[FIRST], 0, exposure, f[ID], f[WHAT]) != NULL;
        cr_expect_eq(found, any || exposure == AJAR_EXPOSURE_RECORDS, "%s %s", f[ID],
                     ajar_exposure_word(exposure));
    }
}

Test(advice, every_flaw_at_its_edges)
{
    size_t count = table("flaws", COLUMNS);
    for (size_t i = 0; i < count; i++)
    {
        const char *const *f = rows[i].field;
        check_edges(&rows[i]);
        check_candidates(&rows[i]);
        check_exposures(&rows[i]);
        const struct ajar_flaw *flaw =
            told(f[PRODUCT], f[FIRST], 0, AJAR_EXPOSURE_RECORDS, f[ID], f[WHAT]);
        cr_assert_not_null(flaw);
        cr_expect_str_eq(flaw->kind, f[KIND]);
        cr_expect_str_eq(flaw->fixed_in, f[FIXED]);
        cr_expect_str_eq(flaw->source, f[SOURCE]);
        bool nothing = strcmp(f[NEEDS], "-") == 0 && strcmp(f[ACCESS], "all") != 0;
        cr_expect_eq(flaw->needs == NULL, nothing, "%s", f[ID]);
    }
}

Test(advice, never_of_a_number_that_is_not_its_own)
{
    static const uint32_t flags[] = {AJAR_FLAG(LOOKALIKE), AJAR_FLAG(HONEYPOT),
                                     AJAR_FLAG(CATCH_ALL)};
    size_t count = table("flaws", COLUMNS);
    for (size_t i = 0; i < count; i++)
    {
        const char *const *f = rows[i].field;
        for (size_t j = 0; j < AJAR_COUNT_OF(flags); j++)
        {
            cr_expect_null(
                told(f[PRODUCT], f[FIRST], flags[j], AJAR_EXPOSURE_RECORDS, f[ID], NULL));
            cr_expect_not(ajar_release_is_known(f[PRODUCT], f[FIRST], flags[j]));
        }
        cr_expect_null(open_flaw("quickwit", f[FIRST], f[ID]));
        cr_expect_null(open_flaw(NULL, f[FIRST], f[ID]));
    }
    cr_expect_null(open_flaw("opensearch", "1.4.2", "CVE-2015-1427"),
                   "another product's number");
}

Test(advice, versions)
{
    const struct ajar_flaw *out[AJAR_MAX_FLAWS];
    static const char *const none[] = {NULL,    "",       "8",    "8.7",
                                       "N/A",   "8.x.1",  "8.7.", "v8.7.1",
                                       "8.7.x", "99.0.0", "2.4.6"};
    for (size_t i = 0; i < AJAR_COUNT_OF(none); i++)
    {
        cr_expect_eq(
            ajar_release_flaws("elasticsearch", none[i], 0, AJAR_EXPOSURE_RECORDS, out),
            0, "%s", none[i] != NULL ? none[i] : "NULL");
    }
    /* well inside a range a candidate has what the releases around it have */
    cr_expect_not_null(open_flaw("elasticsearch", "1.4.1-SNAPSHOT", "CVE-2015-1427"));
    cr_expect_not_null(open_flaw("elasticsearch", "0.90.0.Beta1", "CVE-2014-3120"));
    cr_expect(ajar_release_is_known("elasticsearch", "8.7.1", AJAR_FLAG(PARTIAL)));
    cr_expect(ajar_release_is_known("opensearch", "2.11.1", 0));
    cr_expect_not(ajar_release_is_known("elasticsearch", NULL, 0));
    cr_expect_not(ajar_release_is_known("elasticsearch", "N/A", 0));
    cr_expect_not(ajar_release_is_known("couchdb", "3.3.2", 0));
    cr_expect_not(ajar_release_is_known(NULL, "8.7.1", 0));
}

Test(advice, the_worst_kind_first)
{
    static const char *const order[] = {"remote_code", "file_read",   "file_write",
                                        "memory_read", "credentials", "information",
                                        "denial"};
    static const char *const versions[] = {"0.90.13", "1.4.1",  "1.4.2", "1.5.0", "5.6.4",
                                           "6.2.0",   "7.10.2", "8.0.0", "8.7.1"};
    for (size_t i = 0; i < AJAR_COUNT_OF(versions); i++)
    {
        const struct ajar_flaw *flaws[AJAR_MAX_FLAWS];
        size_t count = ajar_release_flaws("elasticsearch", versions[i], 0,
                                          AJAR_EXPOSURE_RECORDS, flaws);
        size_t rank = 0;
        cr_expect_gt(count, 0, "%s", versions[i]);
        for (size_t j = 0; j < count; j++)
        {
            while (rank < AJAR_COUNT_OF(order) &&
                   strcmp(order[rank], flaws[j]->kind) != 0)
            {
                rank++;
            }
            cr_expect_lt(rank, AJAR_COUNT_OF(order), "%s: %s", versions[i], flaws[j]->id);
        }
    }
}

/* "8.0-8.16" -> 8, 0, 16; "7" -> 7, 0, 99999 */
static void minors(const char *line, uint32_t out[3])
{
    struct ajar_release first = {0, 0, 0};
    struct ajar_release last = {0, 0, 0};
    const char *dash = strchr(line, '-');
    char text[32];
    if (!ajar_release_parse(line, &first))
    {
        (void)snprintf(text, sizeof(text), "%s.0.0", line);
        cr_assert(ajar_release_parse(text, &first), "%s", line);
        last.minor = 99999;
    }
    else
    {
        last.minor = first.minor;
    }
    if (dash != NULL)
    {
        cr_assert(ajar_release_parse(dash + 1, &last), "%s", line);
    }
    out[0] = first.major;
    out[1] = first.minor;
    out[2] = last.minor;
}

static const char *ended(const char *product, uint32_t major, uint32_t minor,
                         uint32_t patch)
{
    char version[64];
    const char *since = NULL;
    (void)snprintf(version, sizeof(version), "%u.%u.%u", major, minor, patch);
    if (!ajar_release_is_end_of_life(product, version, &since))
    {
        return "maintained";
    }
    return since != NULL ? since : "unknown";
}

static bool in_table(size_t count, const char *product, uint32_t major, uint32_t minor)
{
    for (size_t i = 0; i < count; i++)
    {
        uint32_t line[3];
        minors(rows[i].field[1], line);
        if (strcmp(rows[i].field[0], product) == 0 && line[0] == major &&
            line[1] <= minor && minor <= line[2])
        {
            return true;
        }
    }
    return false;
}

Test(advice, every_line_at_its_edges)
{
    size_t count = table("end_of_life", 4);
    for (size_t i = 0; i < count; i++)
    {
        const char *product = rows[i].field[0];
        const char *day = rows[i].field[2];
        uint32_t line[3];
        minors(rows[i].field[1], line);
        cr_expect_str_eq(ended(product, line[0], line[1], 0), day, "%s %s", product,
                         rows[i].field[1]);
        cr_expect_str_eq(ended(product, line[0], line[2], 99), day);
        cr_expect(day[0] == 'u' || strcmp(day, AJAR_ADVICE_AS_OF) <= 0, "%s", day);
        for (uint32_t minor = line[2] + 1; minor < line[2] + 3; minor++)
        {
            if (line[2] < 99999 && !in_table(count, product, line[0], minor))
            {
                cr_expect_str_eq(ended(product, line[0], minor, 0), "maintained");
            }
        }
        cr_expect_str_eq(ended("quickwit", line[0], line[1], 0), "maintained");
    }
    cr_expect_str_eq(ended("elasticsearch", 8, 19, 0), "maintained");
    cr_expect_str_eq(ended("elasticsearch", 3, 0, 0), "maintained");
    cr_expect_str_eq(ended("opensearch", 2, 0, 0), "maintained");
}
