/* SPDX-License-Identifier: Apache-2.0 */
/* metrics: Prometheus text format 0.0.4 for node_exporter's textfile collector,
 * and a check line after the monitoring plugins' guidelines. No address and no
 * peer text is in either, so nothing of a server's choosing has to be escaped.
 */
#include <stdio.h>

#include "clock.h"
#include "commands.h"
#include "view.h"

#define NAGIOS_OK 0
#define NAGIOS_WARNING 1
#define NAGIOS_CRITICAL 2
#define NAGIOS_UNKNOWN 3
/* A scan that is older says nothing about today. */
#define STALE_MS (2 * CLOCK_DAY_MS)

struct gauge
{
    const char *name;
    const char *type;
    const char *help;
    uint64_t value;
};

static void put_head(struct ajar_buf *out, const char *name, const char *type,
                     const char *help)
{
    (void)ajar_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_seconds(struct ajar_buf *out, const char *name, const char *help,
                        int64_t ms)
{
    put_head(out, name, "gauge", help);
    (void)ajar_buf_printf(out, "%s %lld.%03lld\n", name, (long long)(ms / 1000),
                          (long long)(ms % 1000));
}

static void put_gauges(struct ajar_buf *out, const struct gauge *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        put_head(out, rows[i].name, rows[i].type, rows[i].help);
        (void)ajar_buf_printf(out, "%s %llu\n", rows[i].name,
                              (unsigned long long)rows[i].value);
    }
}

static bool sum_reached(void *context, const struct ajar_coverage_view *coverage)
{
    *(uint64_t *)context += coverage->reached;
    return true;
}

static void put_findings(struct ajar_buf *out, const struct ajar_state_metrics *now)
{
    put_head(out, "ajar_findings", "gauge", "Remembered findings by state.");
    for (unsigned i = 0; i < AJAR_FINDING_STATE_COUNT; i++)
    {
        (void)ajar_buf_printf(out, "ajar_findings{state=\"%s\"} %llu\n",
                              ajar_finding_state_word((enum ajar_finding_state)i),
                              (unsigned long long)now->by_state[i]);
    }
    put_head(out, "ajar_findings_open", "gauge",
             "Findings that are neither resolved nor accepted, by severity.");
    for (unsigned i = AJAR_SEVERITY_LOW; i < AJAR_SEVERITY_COUNT; i++)
    {
        (void)ajar_buf_printf(out, "ajar_findings_open{severity=\"%s\"} %llu\n",
                              ajar_severity_word((enum ajar_severity)i),
                              (unsigned long long)now->open_by_severity[i]);
    }
    put_head(out, "ajar_events_total", "counter", "Events by kind.");
    for (unsigned i = 0; i < AJAR_EVENT_KIND_COUNT; i++)
    {
        (void)ajar_buf_printf(out, "ajar_events_total{kind=\"%s\"} %llu\n",
                              ajar_event_kind_word((enum ajar_event_kind)i),
                              (unsigned long long)now->events_by_kind[i]);
    }
}

static void put_scan(struct ajar_buf *out, const struct ajar_state_metrics *now)
{
    const struct gauge rows[] = {
        {"ajar_scan_last_success", "gauge",
         "1 when the last scan ended, was complete and trusted.",
         now->run_ended && now->run_complete && now->run_trusted},
        {"ajar_scan_targets", "gauge", "Targets of the last scan.", now->run_targets},
        {"ajar_scan_targets_observed", "gauge", "Targets that the last scan looked at.",
         now->run_observed}};
    put_seconds(out, "ajar_scan_last_completed_timestamp_seconds",
                "End of the last complete and trusted scan; 0: none.", now->last_good_ms);
    if (now->has_run)
    {
        put_gauges(out, rows, AJAR_COUNT_OF(rows));
        put_seconds(out, "ajar_scan_last_started_timestamp_seconds",
                    "Begin of the last scan.", now->run_started_ms);
        put_seconds(out, "ajar_scan_duration_seconds", "Length of the last scan.",
                    now->run_ended && now->run_ended_ms > now->run_started_ms
                        ? now->run_ended_ms - now->run_started_ms
                        : 0);
    }
}

static enum app_exit put_prometheus(struct store *store, const char *owner,
                                    const struct ajar_state_metrics *now,
                                    struct ajar_buf *out)
{
    uint64_t reached = 0;
    if (ajar_state_coverage(store->state, owner, clock_now_ms(), sum_reached, &reached) !=
        AJAR_OK)
    {
        return store_failed(store);
    }
    const struct gauge rows[] = {
        {"ajar_targets_total", "gauge", "Remembered targets.", now->targets},
        {"ajar_targets_responding", "gauge", "Remembered targets that ever answered.",
         reached},
        {"ajar_datasets_open", "gauge",
         "Distinct data sets among the findings that are not resolved.", now->datasets},
        {"ajar_documents_open", "gauge",
         "Documents in them, every data set counted once.", now->documents},
        {"ajar_events_undelivered", "gauge", "Events that no ticket command took yet.",
         now->undelivered},
        {"ajar_delivery_failed_attempts", "gauge",
         "Failed deliveries of events that are still owed.", now->failed_attempts},
        {"ajar_state_file_bytes", "gauge", "Size of the state file.", now->file_bytes}};
    put_scan(out, now);
    put_findings(out, now);
    put_gauges(out, rows, AJAR_COUNT_OF(rows));
    put_seconds(out, "ajar_oldest_undelivered_timestamp_seconds",
                "Time of the oldest event that is still owed; 0: none.",
                now->oldest_undelivered_ms);
    return APP_OK;
}

/* ---- Nagios and Icinga ---- */

static uint64_t open_of(const struct ajar_state_metrics *now)
{
    uint64_t open = 0;
    for (unsigned i = 0; i < AJAR_SEVERITY_COUNT; i++)
    {
        open += now->open_by_severity[i];
    }
    return open;
}

/* has_tickets: somebody is to take events; else none is late. */
static int judge(const struct ajar_state_metrics *now, bool has_tickets, int64_t now_ms,
                 const char **why)
{
    if (now->open_by_severity[AJAR_SEVERITY_CRITICAL] +
            now->open_by_severity[AJAR_SEVERITY_HIGH] >
        0)
    {
        *why = "";
        return NAGIOS_CRITICAL;
    }
    if (!now->has_run || !now->run_ended || !now->run_complete || !now->run_trusted)
    {
        *why = !now->has_run        ? "no scan is remembered; "
               : !now->run_ended    ? "the last scan has not ended; "
               : !now->run_complete ? "the last scan was incomplete; "
                                    : "the last scan was not trusted; ";
        return NAGIOS_UNKNOWN;
    }
    if (now_ms - now->last_good_ms > STALE_MS)
    {
        *why = "the last whole scan is older than 2 days; ";
        return NAGIOS_UNKNOWN;
    }
    *why = "";
    bool late = has_tickets && now->undelivered > 0 &&
                now_ms - now->oldest_undelivered_ms > CLOCK_DAY_MS;
    if (late)
    {
        *why = "events are undelivered for more than a day; ";
    }
    return open_of(now) > 0 || late ? NAGIOS_WARNING : NAGIOS_OK;
}

static int put_nagios(const struct ajar_state_metrics *now, bool has_tickets,
                      struct ajar_buf *out)
{
    static const char *const words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    const char *why = "";
    int64_t now_ms = clock_now_ms();
    int code = judge(now, has_tickets, now_ms, &why);
    (void)ajar_buf_printf(out, "AJAR %s: %s", words[code], why);
    view_count(open_of(now), "finding", out);
    (void)ajar_buf_printf(
        out, " open (%llu critical, %llu high), ",
        (unsigned long long)now->open_by_severity[AJAR_SEVERITY_CRITICAL],
        (unsigned long long)now->open_by_severity[AJAR_SEVERITY_HIGH]);
    (void)ajar_record_number(now->documents, out);
    (void)ajar_buf_text(out, " documents readable; last scan ");
    (void)ajar_record_number(now->run_observed, out);
    (void)ajar_buf_text(out, " of ");
    (void)ajar_record_number(now->run_targets, out);
    long long age_s =
        now->last_good_ms > 0 ? (long long)((now_ms - now->last_good_ms) / 1000) : 0;
    (void)ajar_buf_printf(
        out,
        " targets | 'open'=%llu;;;0 'critical'=%llu;;;0 'high'=%llu;;;0 "
        "'undelivered'=%llu;;;0 'observed'=%llu;;;0;%llu 'age'=%llds;;;0\n",
        (unsigned long long)open_of(now),
        (unsigned long long)now->open_by_severity[AJAR_SEVERITY_CRITICAL],
        (unsigned long long)now->open_by_severity[AJAR_SEVERITY_HIGH],
        (unsigned long long)now->undelivered, (unsigned long long)now->run_observed,
        (unsigned long long)now->run_targets, age_s > 0 ? age_s : 0);
    return code;
}

/* A check must answer on stdout and with 3 when it cannot tell. */
static int nagios_cannot_tell(void)
{
    struct ajar_buf out;
    ajar_buf_init(&out, 4096);
    (void)ajar_buf_text(&out, "AJAR UNKNOWN: the state cannot be read\n");
    (void)print_buf(&out);
    return NAGIOS_UNKNOWN;
}

int cmd_metrics(const struct app_options *options)
{
    struct store store;
    struct ajar_buf out;
    struct ajar_state_metrics now;
    int result = NAGIOS_OK;
    enum app_exit code = store_begin(&store, options, STORE_READ);
    if (code != APP_OK)
    {
        return options->nagios ? nagios_cannot_tell() : (int)code;
    }
    ajar_buf_init(&out, 1024u * 1024u);
    code = view_check_owner(&store, options);
    if (code == APP_OK &&
        ajar_state_metrics(store.state, options->owner, &now) != AJAR_OK)
    {
        code = store_failed(&store);
    }
    if (code == APP_OK && options->nagios)
    {
        result = put_nagios(&now, store.config->ticket_count > 0, &out);
    }
    else if (code == APP_OK)
    {
        code = put_prometheus(&store, options->owner, &now, &out);
    }
    store_end(&store);
    if (code != APP_OK)
    {
        ajar_buf_deinit(&out);
        return options->nagios ? nagios_cannot_tell() : (int)code;
    }
    int printed = print_to(&out, options->output, !options->nagios);
    if (options->nagios)
    {
        return printed == APP_OK ? result : NAGIOS_UNKNOWN;
    }
    return printed;
}
