/* SPDX-License-Identifier: Apache-2.0 */
/* events, ack and accept: what happened, and what a person decides about it. */
#include <stdio.h>
#include <string.h>

#include "ajar/escape.h"
#include "clock.h"
#include "commands.h"
#include "view.h"

struct listing
{
    enum app_format format;
    struct ajar_buf out;
    uint64_t count;
};

static bool add_event(void *context, const struct ajar_event_view *event)
{
    struct listing *list = context;
    list->count++;
    if (list->format == APP_FORMAT_JSONL)
    {
        (void)ajar_record_event(event, &list->out);
    }
    else
    {
        view_event(event, true, &list->out);
    }
    return !list->out.failed;
}

static enum app_exit list_events(struct store *store, const struct app_options *options,
                                 struct listing *list)
{
    struct ajar_event_query query = {.owner = options->owner,
                                     .undelivered = options->undelivered};
    enum app_exit code = store_since(options, &query.since_ms);
    if (code == APP_OK)
    {
        code = view_check_owner(store, options);
    }
    if (code != APP_OK)
    {
        return code;
    }
    if (ajar_state_events(store->state, &query, add_event, list) != AJAR_OK)
    {
        return store_failed(store);
    }
    if (list->count == 0 && list->format == APP_FORMAT_TEXT)
    {
        (void)ajar_buf_text(&list->out, options->undelivered
                                            ? "Every event is delivered.\n"
                                            : "Nothing happened.\n");
    }
    return APP_OK;
}

int cmd_events(const struct app_options *options)
{
    struct store store;
    struct listing list = {.format = view_format(options)};
    enum app_exit code = store_begin(&store, options, STORE_READ);
    if (code != APP_OK)
    {
        return (int)code;
    }
    ajar_buf_init(&list.out, VIEW_MAX_BYTES);
    code = list_events(&store, options, &list);
    store_end(&store);
    return print_result(code, &list.out, options->output);
}

/* ---- ack ---- */

static bool print_event_id(void *context, const struct ajar_event_view *event)
{
    (void)context;
    (void)fprintf(stderr, "    %s  %s\n", event->id, ajar_event_kind_word(event->kind));
    return true;
}

/* "E-ABCDEFGHIJKL-12" is of "F-ABCDEFGHIJKL": the nearest events are that
 * finding's. */
static enum app_exit unknown_event(struct store *store, const char *text)
{
    struct ajar_state_match match = {0};
    struct ajar_buf shown;
    bool marked = (text[0] == 'E' || text[0] == 'e') && text[1] == '-';
    struct ajar_span finding = ajar_span_of(marked ? text + 2 : text);
    const char *dash = memchr(finding.data, '-', finding.len);
    finding.len = dash != NULL ? (size_t)(dash - finding.data) : finding.len;
    ajar_buf_init(&shown, 1024);
    (void)ajar_escape_text(&shown, ajar_span_of(text), 60);
    int status = ajar_state_match_finding(store->state, finding, NULL, &match);
    bool found =
        status == AJAR_OK || (status == AJAR_ENOTFOUND && match.ids[0][0] != '\0');
    (void)fprintf(stderr, "ajar: there is no event %s; %s\n",
                  shown.data != NULL ? shown.data : "\"\"",
                  found ? "the nearest:"
                        : "`ajar events --undelivered` lists what is owed");
    ajar_buf_deinit(&shown);
    if (found)
    {
        struct ajar_event_query query = {.finding = match.ids[0]};
        if (ajar_state_events(store->state, &query, print_event_id, NULL) != AJAR_OK)
        {
            return store_failed(store);
        }
    }
    return APP_USAGE;
}

int cmd_ack(const struct app_options *options)
{
    struct store store;
    enum app_exit code = store_begin(&store, options, STORE_WRITE);
    if (code != APP_OK)
    {
        return (int)code;
    }
    int status =
        ajar_state_ack(store.state, options->args[0], NULL, options->ref, clock_now_ms());
    if (status == AJAR_ENOTFOUND)
    {
        code = unknown_event(&store, options->args[0]);
    }
    else if (status != AJAR_OK)
    {
        code = store_failed(&store);
    }
    store_end(&store);
    if (code == APP_OK)
    {
        (void)fprintf(stderr, "ajar: %s is settled%s%s\n", options->args[0],
                      options->ref != NULL ? " by " : "",
                      options->ref != NULL ? options->ref : "");
    }
    return (int)code;
}

/* ---- accept ---- */

static enum app_exit parse_until(const struct app_options *options, int64_t now_ms,
                                 int64_t *out_ms)
{
    struct ajar_buf what;
    char tomorrow[16];
    ajar_buf_init(&what, 1024);
    int status = clock_parse(options->until, true, false, now_ms, out_ms, &what);
    if (status != AJAR_OK)
    {
        (void)fprintf(stderr, "ajar: --until %s\n", what.data);
    }
    else if (*out_ms <= now_ms)
    {
        clock_date(now_ms, tomorrow);
        (void)fprintf(stderr, "ajar: --until %s is over already: the nearest day is %s\n",
                      options->until, tomorrow);
        status = AJAR_EINVAL;
    }
    ajar_buf_deinit(&what);
    return status == AJAR_OK ? APP_OK : APP_USAGE;
}

static enum app_exit accept_finding(struct store *store,
                                    const struct app_options *options)
{
    char id[AJAR_FINDING_ID_BYTES];
    int64_t now_ms = clock_now_ms();
    struct ajar_acceptance acceptance = {
        .indices = options->indices, .by = options->by, .reason = options->reason};
    enum app_exit code = parse_until(options, now_ms, &acceptance.until_ms);
    if (code == APP_OK)
    {
        code = store_match(store, options->args[0], NULL, id);
    }
    if (code != APP_OK)
    {
        return code;
    }
    int status = ajar_state_accept(store->state, id, &acceptance, now_ms);
    if (status == AJAR_OK)
    {
        char last[16];
        clock_date(acceptance.until_ms - 1, last);
        (void)fprintf(stderr,
                      "ajar: %s is accepted until %s (inclusive); a new index "
                      "ends it sooner\n",
                      id, last);
        return APP_OK;
    }
    code = store_failed(store);
    return status == AJAR_EREFUSED || status == AJAR_ESTATE || status == AJAR_EINVAL
               ? APP_USAGE
               : code;
}

int cmd_accept(const struct app_options *options)
{
    struct store store;
    enum app_exit code = store_begin(&store, options, STORE_WRITE);
    if (code == APP_OK)
    {
        code = accept_finding(&store, options);
        store_end(&store);
    }
    return (int)code;
}
