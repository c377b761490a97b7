/* SPDX-License-Identifier: Apache-2.0 */
#include "values.h"

#include "ajar/num.h"

#include "nearest.h"

/* Rows of the keys, one number each: the bit in `given`. */
/* NOLINTBEGIN(readability-identifier-naming): a row is named as its member is */
enum row
{
#define X(section, member, key, kind, min, max) ROW_##member,
    AJAR_CONFIG_NUMBER_MAP(X)
#undef X
        ROW_state_file,
    ROW_vantage,
    ROW_url,
    ROW_targets
};
/* NOLINTEND(readability-identifier-naming) */

enum kind
{
    KIND_NUMBER,
    KIND_TIME,
    KIND_DAYS
};

struct number_row
{
    enum build_section section;
    const char *key;
    enum kind kind;
    uint64_t min;
    uint64_t max;
};

static const struct number_row number_rows[] = {
#define X(section, member, key, kind, min, max)                                          \
    {BUILD_##section, key, KIND_##kind, min, max},
    AJAR_CONFIG_NUMBER_MAP(X)
#undef X
};

static struct ajar_config_number *number_of(struct build *build, size_t row)
{
    switch (row)
    {
#define X(section, member, key, kind, min, max)                                          \
    case ROW_##member:                                                                   \
        return &build->view.member;
        AJAR_CONFIG_NUMBER_MAP(X)
#undef X
    default:
        return NULL;
    }
}

static const char *const tickets_keys[] = {"command", "argument", "timeout", "owners"};

/* All keys of a section, for "did you mean". */
static size_t keys_of(enum build_section section, const char *out[32])
{
    size_t count = 0;
    if (section == BUILD_TICKETS)
    {
        memcpy(out, tickets_keys, sizeof(tickets_keys));
        return AJAR_COUNT_OF(tickets_keys);
    }
    for (size_t i = 0; i < AJAR_COUNT_OF(number_rows); i++)
    {
        if (number_rows[i].section == section)
        {
            out[count++] = number_rows[i].key;
        }
    }
    if (section == BUILD_STATE)
    {
        out[count++] = "file";
        return count;
    }
    out[count++] = "vantage";
    out[count++] = "url";
    out[count++] = "targets";
    return count;
}

static void unknown_key(struct build *build, const struct lines_value *value)
{
    static const char *const names[] = {"", "", "tickets", "state", "scan"};
    const char *keys[32];
    char mend[64] = "write ";
    const char *word = nearest_word(value->key, keys, keys_of(build->section, keys));
    memcpy(mend + 6, word, strlen(word) + 1);
    faults_add(build->faults, value->place, mend, "[%s] has no key '%.*s'",
               names[build->section], (int)(value->key.len < 100 ? value->key.len : 100),
               value->key.data);
}

/* A key that may not repeat; false: it did, in this file. */
static bool first_time(struct build *build, unsigned row, const struct lines_value *value)
{
    uint64_t bit = UINT64_C(1) << row;
    if ((build->given & bit) != 0)
    {
        faults_add(build->faults, value->place, "keep one of the two lines",
                   "'%.*s' is given twice", (int)value->key.len, value->key.data);
        return false;
    }
    build->given |= bit;
    return true;
}

/* A path of a scheduled run: its working folder is anyone's guess. */
static bool is_whole_path(struct build *build, const struct lines_value *value)
{
    if (value->value.len > 1 && value->value.data[0] == '/')
    {
        return true;
    }
    faults_add(build->faults, value->value_at, "write the whole path, from /",
               "'%.*s' is not a whole path",
               (int)(value->value.len < 100 ? value->value.len : 100), value->value.data);
    return false;
}

int ajar_config_time(struct ajar_span text, uint64_t min_ms, uint64_t max_ms,
                     uint64_t *out_ms)
{
    static const struct
    {
        const char *unit;
        uint64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    size_t digits = 0;
    while (digits < text.len && text.data[digits] >= '0' && text.data[digits] <= '9')
    {
        digits++;
    }
    struct ajar_span unit = {text.data + digits, text.len - digits};
    for (size_t i = 0; i < AJAR_COUNT_OF(units); i++)
    {
        uint64_t count = 0;
        if (!ajar_span_is(unit, units[i].unit))
        {
            continue;
        }
        int status = ajar_num_u64((struct ajar_span){text.data, digits},
                                  UINT64_MAX / units[i].ms, &count);
        if (status < 0)
        {
            return status;
        }
        if (count * units[i].ms < min_ms || count * units[i].ms > max_ms)
        {
            return AJAR_ELIMIT;
        }
        *out_ms = count * units[i].ms;
        return AJAR_OK;
    }
    return AJAR_ESYNTAX;
}

/* A limit as its key would be written. */
static void limit_text(enum kind kind, uint64_t limit, char out[32])
{
    static const struct
    {
        uint64_t ms;
        const char *unit;
    } units[] = {{86400000, "d"}, {3600000, "h"}, {60000, "m"}, {1000, "s"}, {1, "ms"}};
    const char *unit = kind == KIND_DAYS ? "d" : "";
    for (size_t i = 0; kind == KIND_TIME && unit[0] == '\0'; i++)
    {
        if (limit % units[i].ms == 0)
        {
            unit = units[i].unit;
            limit /= units[i].ms;
        }
    }
    size_t len = ajar_num_render(limit, out);
    memcpy(out + len, unit, strlen(unit) + 1);
}

static void bad_number(struct build *build, const struct lines_value *value,
                       const struct number_row *row)
{
    static const char *const forms[] = {"a whole number", "a time, as in 30s or 24h",
                                        "a number of days, as in 400d"};
    char min[32];
    char max[32];
    struct ajar_buf mend;
    limit_text(row->kind, row->min, min);
    limit_text(row->kind, row->max, max);
    ajar_buf_init(&mend, 256);
    (void)ajar_buf_printf(&mend, "write %s, from %s to %s", forms[row->kind], min, max);
    faults_add(build->faults, value->value_at, mend.data != NULL ? mend.data : "",
               "'%.*s' is no value for %s",
               (int)(value->value.len < 100 ? value->value.len : 100), value->value.data,
               row->key);
    ajar_buf_deinit(&mend);
}

static int parse_number(struct ajar_span text, const struct number_row *row,
                        uint64_t *out)
{
    uint64_t value = 0;
    if (row->kind == KIND_TIME)
    {
        return ajar_config_time(text, row->min, row->max, out);
    }
    if (row->kind == KIND_DAYS && text.len > 1 && text.data[text.len - 1] == 'd')
    {
        text.len--;
    }
    int status = ajar_num_u64(text, row->max, &value);
    if (status == AJAR_OK && value < row->min)
    {
        status = AJAR_ELIMIT;
    }
    if (status == AJAR_OK)
    {
        *out = value;
    }
    return status;
}

/* True when the key was one of the table. */
static bool take_number(struct build *build, const struct lines_value *value)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(number_rows); i++)
    {
        const struct number_row *row = &number_rows[i];
        if (row->section != build->section || !ajar_span_is(value->key, row->key))
        {
            continue;
        }
        struct ajar_config_number *number = number_of(build, i);
        if (!first_time(build, (unsigned)i, value))
        {
            return true;
        }
        if (parse_number(value->value, row, &number->value) < 0)
        {
            bad_number(build, value, row);
            return true;
        }
        number->given = true;
        return true;
    }
    return false;
}

static void take_target(struct build *build, const struct lines_value *value)
{
    uint64_t bit = UINT64_C(1) << ROW_targets;
    if ((build->given & bit) == 0)
    {
        build->view.target_count = 0; /* a later file's list replaces an earlier one's */
        build->given |= bit;
    }
    if (!is_whole_path(build, value))
    {
        return;
    }
    if (build->view.target_count == AJAR_MAX_CONFIG_TARGETS)
    {
        faults_add(build->faults, value->place, "name a folder: it stands for its *.ini",
                   "more than %d targets", AJAR_MAX_CONFIG_TARGETS);
        return;
    }
    build->targets[build->view.target_count++] = build_copy(build, value->value);
}

static void take_vantage(struct build *build, const struct lines_value *value)
{
    if (value->value.len == 0 || value->value.len > 64)
    {
        faults_add(build->faults, value->value_at,
                   "write a word for where it looks from, as in internet or office",
                   "no vantage of 1 to 64 bytes");
        return;
    }
    build->view.vantage = build_copy(build, value->value);
}

static void take_url(struct build *build, const struct lines_value *value)
{
    if (!ajar_span_starts(value->value, "https://") &&
        !ajar_span_starts(value->value, "http://"))
    {
        faults_add(build->faults, value->value_at, "write it from https:// on",
                   "'%.*s' is no URL",
                   (int)(value->value.len < 100 ? value->value.len : 100),
                   value->value.data);
        return;
    }
    build->view.url = build_copy(build, value->value);
}

static void take_scan(struct build *build, const struct lines_value *value)
{
    if (ajar_span_is(value->key, "targets"))
    {
        take_target(build, value);
    }
    else if (ajar_span_is(value->key, "vantage"))
    {
        if (first_time(build, ROW_vantage, value))
        {
            take_vantage(build, value);
        }
    }
    else if (ajar_span_is(value->key, "url"))
    {
        if (first_time(build, ROW_url, value))
        {
            take_url(build, value);
        }
    }
    else if (!take_number(build, value))
    {
        unknown_key(build, value);
    }
}

static void take_state(struct build *build, const struct lines_value *value)
{
    if (ajar_span_is(value->key, "file"))
    {
        if (first_time(build, ROW_state_file, value) && is_whole_path(build, value))
        {
            build->view.state_file = build_copy(build, value->value);
        }
    }
    else if (!take_number(build, value))
    {
        unknown_key(build, value);
    }
}

static void take_owners(struct build *build, const struct lines_value *value)
{
    struct build_tickets *tickets = build->tickets;
    struct ajar_span rest = value->value;
    for (bool last = false; !last;)
    {
        const char *comma = memchr(rest.data, ',', rest.len);
        size_t len = comma != NULL ? (size_t)(comma - rest.data) : rest.len;
        struct ajar_span owner =
            ajar_span_trim((struct ajar_span){rest.data, len}, AJAR_BLANKS);
        last = comma == NULL;
        rest = last ? (struct ajar_span){rest.data, 0}
                    : (struct ajar_span){comma + 1, rest.len - len - 1};
        if (owner.len == 0 || tickets->view.owner_count == AJAR_MAX_TICKET_OWNERS)
        {
            faults_add(build->faults, value->value_at,
                       "write sections of the targets files, as in billing, support",
                       owner.len == 0 ? "an owner is missing" : "too many owners");
            return;
        }
        tickets->owners[tickets->view.owner_count++] = build_copy(build, owner);
    }
}

static void take_argument(struct build *build, const struct lines_value *value)
{
    struct build_tickets *tickets = build->tickets;
    if (tickets->view.argument_count == AJAR_MAX_TICKET_ARGUMENTS)
    {
        faults_add(build->faults, value->place, "write fewer", "more than %d arguments",
                   AJAR_MAX_TICKET_ARGUMENTS);
        return;
    }
    tickets->arguments[tickets->view.argument_count++] = build_copy(build, value->value);
}

static void twice(struct build *build, const struct lines_value *value)
{
    faults_add(build->faults, value->place, "keep one of the two lines",
               "'%.*s' is given twice", (int)value->key.len, value->key.data);
}

static void take_command(struct build *build, const struct lines_value *value)
{
    struct build_tickets *tickets = build->tickets;
    if (tickets->view.command[0] != '\0')
    {
        twice(build, value);
        return;
    }
    /* a wrong one is told here, and not once more as a missing one */
    tickets->view.command =
        is_whole_path(build, value) ? build_copy(build, value->value) : "?";
}

static void take_timeout(struct build *build, const struct lines_value *value)
{
    static const struct number_row row = {BUILD_TICKETS, "timeout", KIND_TIME, 1000,
                                          3600000};
    uint64_t timeout_ms = 0;
    if (build->tickets->timeout_given)
    {
        twice(build, value);
        return;
    }
    build->tickets->timeout_given = true;
    if (parse_number(value->value, &row, &timeout_ms) < 0)
    {
        bad_number(build, value, &row);
        return;
    }
    build->tickets->view.timeout_ms = (uint32_t)timeout_ms;
}

static void take_tickets(struct build *build, const struct lines_value *value)
{
    static void (*const takers[])(struct build *, const struct lines_value *) = {
        take_command, take_argument, take_timeout, take_owners};
    for (size_t i = 0; i < AJAR_COUNT_OF(takers); i++)
    {
        if (ajar_span_is(value->key, tickets_keys[i]))
        {
            takers[i](build, value);
            return;
        }
    }
    unknown_key(build, value);
}

void values_take(struct build *build, const struct lines_value *value)
{
    switch (build->section)
    {
    case BUILD_TICKETS:
        take_tickets(build, value);
        break;
    case BUILD_STATE:
        take_state(build, value);
        break;
    case BUILD_SCAN:
        take_scan(build, value);
        break;
    case BUILD_NONE:
        faults_add(build->faults, value->place,
                   "write [tickets], [state] or [scan] above it",
                   "a key before the first section");
        break;
    case BUILD_UNKNOWN:
    default:
        break;
    }
}
