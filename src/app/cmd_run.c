/* SPDX-License-Identifier: Apache-2.0 */
/* check, scan, recheck and demo: from the declared scope to a finished report,
 * and to what changed since the last one. */
#include "commands.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "ajar/prng.h"
#include "clock.h"
#include "due.h"
#include "fdlimit.h"
#include "intake.h"
#include "memory.h"
#include "recheck.h"
#include "sink.h"

#define CONCURRENCY_MAX 60000u
#define CHECK_TELLS 64u

struct job
{
    const struct visit_request *request;
    const struct app_options *options; /* points to `effective` */
    struct app_options effective;      /* the command line over the configuration */
    struct store store;                /* until the memory takes it over */
    struct memory memory;
    struct due_set due;
    bool state_failed;   /* a check's memory could not be opened: said, and went on
                          */
    enum app_exit ended; /* of what follows the visits */
    struct session session;
    struct intake intake;
    struct output output;
    struct sink sink;
    struct ajar_run_info info;
    char run_id[48];
    char user_agent[512];
    bool jsonl;
};

static void make_run_info(struct job *job)
{
    struct tm parts;
    char when[24];
    int64_t now_ms = clock_now_ms();
    time_t now = (time_t)(now_ms / 1000);
    uint64_t seed = job->options->seed;
    if (!job->options->has_seed &&
        getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
    {
        seed = (uint64_t)now_ms;
    }
    /* 53 bits, so that the number survives every JSON reader */
    seed &= UINT64_C(0x1fffffffffffff);
    (void)gmtime_r(&now, &parts);
    (void)strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &parts);
    uint64_t unique =
        ajar_prng_mix(uv_hrtime() ^ (uint64_t)getpid() << 20, seed ^ (uint64_t)now_ms);
    (void)snprintf(job->run_id, sizeof job->run_id, "%s-%06llx", when,
                   (unsigned long long)(unique & 0xffffff));
    job->info = (struct ajar_run_info){
        .id = job->run_id,
        .version = AJAR_VERSION,
        .targets = job->intake.list.targets + job->intake.unresolved_targets,
        .excluded =
            job->intake.with_ranges ? ajar_scope_excluded_count(job->session.scope) : 0,
        .seed = seed,
        .scope_digest = ajar_scope_digest(job->session.scope),
        .started_unix_ms = now_ms,
    };
}

static void make_user_agent(struct job *job)
{
    const char *url = job->options->url;
    if (url != NULL)
    {
        (void)snprintf(job->user_agent, sizeof job->user_agent, "ajar/%s (+%s)",
                       AJAR_VERSION, url);
    }
    else
    {
        (void)snprintf(job->user_agent, sizeof job->user_agent, "ajar/%s", AJAR_VERSION);
    }
}

static struct ajar_text_style text_style(const struct app_options *options, int fd)
{
    struct winsize size;
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    bool may_color = isatty(fd) != 0 && (no_color == NULL || no_color[0] == '\0') &&
                     (term == NULL || strcmp(term, "dumb") != 0);
    struct ajar_text_style style = {
        .color = may_color,
        .columns = 100,
        .verbose = options->verbose,
        .explain = options->explain,
    };
    if (options->color != APP_COLOR_AUTO)
    {
        style.color = options->color == APP_COLOR_ALWAYS;
    }
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    {
        style.columns = size.ws_col;
    }
    return style;
}

static enum app_exit open_output(struct job *job)
{
    int error = 0;
    const struct app_options *options = job->options;
    if (output_open(&job->output, options->output, &error) != AJAR_OK)
    {
        (void)fprintf(stderr, "ajar: cannot write %s: %s\n", options->output,
                      strerror(error));
        return APP_USAGE;
    }
    bool terminal = isatty(job->output.fd) != 0;
    job->jsonl = options->format == APP_FORMAT_JSONL ||
                 (options->format == APP_FORMAT_AUTO && !terminal);
    struct ajar_text_style style = text_style(options, job->output.fd);
    /* who asks about a few hosts wants to hear of each, also that it is shut */
    style.verbose = style.verbose ||
                    (!job->intake.with_ranges && job->intake.list.targets <= CHECK_TELLS);
    if (sink_init(&job->sink, &job->output, job->jsonl, &style) != AJAR_OK)
    {
        (void)fprintf(stderr, "ajar: out of memory\n");
        return APP_OUR_FAULT;
    }
    return APP_OK;
}

static uint32_t fit_concurrency(const struct job *job)
{
    uint64_t limit = 0;
    uint64_t hosts = worklist_hosts(&job->intake.list);
    uint32_t wanted =
        job->options->concurrency == 0 ? CONCURRENCY_MAX : job->options->concurrency;
    if (hosts < wanted)
    {
        wanted = hosts > 0 ? (uint32_t)hosts : 1;
    }
    uint32_t fits = fdlimit_fit(wanted, &limit);
    if (fits < wanted && (job->options->concurrency != 0 || job->options->verbose))
    {
        (void)fprintf(stderr,
                      "ajar: only %llu descriptors may be open here: concurrency lowered "
                      "from %u to %u (raise it with ulimit -n or LimitNOFILE=)\n",
                      (unsigned long long)limit, wanted, fits);
    }
    return fits;
}

/* ---- the run's callbacks ---- */

static int job_target(void *context, const struct ajar_target_record *record)
{
    struct job *job = context;
    struct run_sink sink = sink_for_run(&job->sink);
    memory_look(&job->memory, record);
    return sink.target(sink.context, record);
}

static int job_flush(void *context)
{
    struct job *job = context;
    struct run_sink sink = sink_for_run(&job->sink);
    memory_tick(&job->memory);
    return sink.flush(sink.context);
}

static int job_started(void *context, uv_loop_t *loop)
{
    struct job *job = context;
    return memory_company_start(&job->memory, loop);
}

static void job_visited(void *context, struct run_result *result);

static void job_stop(void *context)
{
    struct job *job = context;
    memory_stop_delivery(&job->memory);
}

static struct run_config make_config(struct job *job)
{
    const struct app_options *options = job->options;
    bool terminal = isatty(STDERR_FILENO) != 0;
    return (struct run_config){
        .scope = job->session.scope,
        .list = &job->intake.list,
        .timeouts = {.connect_ms = options->connect_timeout_ms,
                     .tls_ms = options->tls_timeout_ms,
                     .header_ms = options->header_timeout_ms,
                     .body_ms = options->body_timeout_ms,
                     .total_ms = options->total_timeout_ms},
        .user_agent = job->user_agent,
        .concurrency = fit_concurrency(job),
        .rate = options->rate,
        .per_prefix = options->per_prefix,
        .info = &job->info,
        .sink = {job_target, job_flush, job},
        .company = {job_started, job_visited, job_stop, job},
        .progress = terminal && !options->quiet && !options->no_progress,
        .verbose = options->verbose,
        .explain = options->explain,
    };
}

static enum app_exit output_failed(const struct job *job)
{
    (void)fprintf(stderr,
                  "ajar: the result could not be written (%s): what was written is not "
                  "the whole result\n",
                  job->output.error != 0 ? strerror(job->output.error) : "out of memory");
    return APP_INCOMPLETE;
}

static enum app_exit exit_of(const struct job *job, const struct run_result *result)
{
    const struct app_options *options = job->options;
    if (result->interrupted)
    {
        return APP_INTERRUPTED;
    }
    if (!result->totals.complete || result->local_failures > 0)
    {
        if (!options->quiet)
        {
            (void)fprintf(stderr,
                          "ajar: incomplete: %llu targets not visited, %llu failed "
                          "for want of resources here\n",
                          (unsigned long long)result->totals.not_visited,
                          (unsigned long long)result->local_failures);
        }
        return APP_INCOMPLETE;
    }
    if (options->fail_on != AJAR_SEVERITY_NONE && result->worst >= options->fail_on)
    {
        return APP_EXPOSED;
    }
    return APP_OK;
}

/* What changed goes under a text report, and to stderr when that is somewhere
 * else. */
static int tell_changes(struct job *job, const struct ajar_run_totals *totals)
{
    struct ajar_buf text;
    int status = AJAR_OK;
    ajar_buf_init(&text, 256u * 1024u);
    memory_summarize(&job->memory, totals, &text);
    if (text.len > 0)
    {
        bool same_place =
            !job->jsonl && isatty(job->output.fd) != 0 && isatty(STDERR_FILENO) != 0;
        if (!job->jsonl)
        {
            (void)ajar_buf_byte(output_buf(&job->output), '\n');
            (void)ajar_buf_append(output_buf(&job->output), text.data, text.len);
            status = output_flush(&job->output);
        }
        if (!same_place && !job->options->quiet)
        {
            (void)fprintf(stderr, "ajar: %s", text.data);
        }
    }
    ajar_buf_deinit(&text);
    return status;
}

/* The visits are over: judge, report, then deliver what is left. */
static void job_visited(void *context, struct run_result *result)
{
    struct job *job = context;
    bool stopped = result->interrupted || result->terminated;
    result->totals.not_visited += job->intake.unresolved_targets;
    result->totals.complete = result->totals.complete &&
                              job->intake.unresolved_targets == 0 &&
                              result->local_failures == 0;
    memory_judge(&job->memory, &result->totals);
    if (result->sink_status != AJAR_OK ||
        sink_end(&job->sink, &job->info, &result->totals) != AJAR_OK ||
        tell_changes(job, &result->totals) != AJAR_OK)
    {
        job->ended = output_failed(job);
    }
    memory_deliver(&job->memory, stopped);
}

static enum app_exit execute(struct job *job)
{
    struct run_result result;
    make_user_agent(job);
    struct run_config config = make_config(job);
    if (sink_begin(&job->sink, &job->info) != AJAR_OK)
    {
        return output_failed(job);
    }
    if (!job->jsonl && !job->options->quiet)
    {
        (void)fprintf(stderr, "ajar: run %s: %llu targets, seed %llu\n", job->info.id,
                      (unsigned long long)job->info.targets,
                      (unsigned long long)job->info.seed);
    }
    int status = run_execute(&config, &result);
    if (status != AJAR_OK)
    {
        (void)fprintf(stderr, "ajar: the run could not start: %s\n",
                      ajar_status_text(status));
        return APP_OUR_FAULT;
    }
    return job->ended != APP_OK ? job->ended : exit_of(job, &result);
}

/* ---- the memory ---- */

static bool is_declared(const struct worklist *list)
{
    for (size_t i = 0; i < list->extra_count; i++)
    {
        if (list->extra[i].section != NULL)
        {
            return true;
        }
    }
    return list->range_hosts > 0;
}

/* Another run holds the lock: for a timer that fired too early that is no
 * failure. */
static enum app_exit say_overlap(const struct job *job)
{
    (void)fprintf(stderr,
                  "ajar: another ajar is at work with %s; this run has nothing to "
                  "do and visited nothing\n",
                  job->store.path);
    return APP_OK;
}

/* *out_go: false ends the command here, with the code that is returned. */
static enum app_exit open_memory(struct job *job, bool *out_go)
{
    bool check = job->request->source == AJAR_STATE_CHECK;
    bool look_only = job->options->dry_run;
    *out_go = true;
    if (!job->request->remember || job->store.state != NULL ||
        (check && !is_declared(&job->intake.list)) || (look_only && !job->options->due))
    {
        return APP_OK;
    }
    if (store_open(&job->store, job->options, look_only ? STORE_READ : STORE_RUN, 0) ==
        AJAR_OK)
    {
        return APP_OK;
    }
    if (check)
    {
        /* a person asked for a look: that is given, and what is missing is said */
        job->state_failed = job->store.error.fault != AJAR_STATE_FAULT_LOCKED;
        (void)fprintf(stderr, "ajar: this check is not remembered: %s\n",
                      job->store.error.text);
        return APP_OK;
    }
    *out_go = false;
    if (job->store.error.fault == AJAR_STATE_FAULT_LOCKED)
    {
        return say_overlap(job);
    }
    enum app_exit code = store_open_failed(&job->store, STORE_RUN);
    (void)fprintf(stderr, "  nothing was visited; --no-state scans without a memory\n");
    return code;
}

static enum app_exit start_memory(struct job *job)
{
    struct memory_run run = {.info = &job->info,
                             .scope = job->session.scope,
                             .source = job->request->source,
                             .vantage = job->options->vantage,
                             .quiet = job->options->quiet};
    return job->store.state != NULL ? memory_begin(&job->memory, &job->store, &run)
                                    : APP_OK;
}

static enum app_exit dry_run(struct job *job)
{
    struct ajar_buf out;
    ajar_buf_init(&out, 1024u * 1024u);
    (void)ajar_buf_printf(&out,
                          "would visit %llu targets on %llu hosts; %llu excluded, "
                          "%llu not resolved; nothing was dialled\n",
                          (unsigned long long)job->intake.list.targets,
                          (unsigned long long)worklist_hosts(&job->intake.list),
                          (unsigned long long)job->info.excluded,
                          (unsigned long long)job->intake.unresolved_targets);
    (void)ajar_buf_printf(&out, "scope digest %s\n", job->info.scope_digest);
    return (enum app_exit)print_buf(&out);
}

static enum app_exit run_job(struct job *job)
{
    make_run_info(job);
    if (job->options->dry_run)
    {
        return dry_run(job);
    }
    enum app_exit code = open_output(job);
    if (code != APP_OK)
    {
        return code;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    code = start_memory(job);
    if (code == APP_OK)
    {
        code = execute(job);
    }
    if (output_close(&job->output) != AJAR_OK && (code == APP_OK || code == APP_EXPOSED))
    {
        code = output_failed(job);
    }
    sink_deinit(&job->sink);
    bool trusted = !job->memory.on || job->memory.trusted;
    enum app_exit memory = memory_end(&job->memory);
    if ((code == APP_OK || code == APP_EXPOSED) &&
        (memory != APP_OK || job->state_failed || !trusted))
    {
        code = APP_INCOMPLETE;
    }
    return code;
}

/* What the command line does not say, the configuration may. */
static void apply_config(struct job *job)
{
    const struct ajar_config *config = job->store.config;
    struct app_options *into = &job->effective;
    if (config == NULL)
    {
        return;
    }
    const struct
    {
        const struct ajar_config_number *from;
        uint32_t *to;
        enum app_option option;
    } rows[] = {
        {&config->concurrency, &into->concurrency, APP_OPTION_CONCURRENCY},
        {&config->rate, &into->rate, APP_OPTION_RATE},
        {&config->per_prefix, &into->per_prefix, APP_OPTION_PER_PREFIX},
        {&config->connect_timeout, &into->connect_timeout_ms, APP_OPTION_CONNECT_TIMEOUT},
        {&config->tls_timeout, &into->tls_timeout_ms, APP_OPTION_TLS_TIMEOUT},
        {&config->header_timeout, &into->header_timeout_ms, APP_OPTION_HEADER_TIMEOUT},
        {&config->body_timeout, &into->body_timeout_ms, APP_OPTION_BODY_TIMEOUT},
        {&config->total_timeout, &into->total_timeout_ms, APP_OPTION_TOTAL_TIMEOUT}};
    for (size_t i = 0; i < AJAR_COUNT_OF(rows); i++)
    {
        if (rows[i].from->given && (into->given >> rows[i].option & 1) == 0)
        {
            *rows[i].to = (uint32_t)rows[i].from->value; /* the room's maxima fit */
        }
    }
    into->url = into->url != NULL ? into->url : config->url;
}

static enum app_exit open_scope(struct job *job)
{
    const struct visit_request *request = job->request;
    const struct ajar_config *config = job->store.config;
    bool from_config = request->path_count == 0 && config != NULL;
    /* who asks about one host is not told what is odd about the targets files */
    bool quiet = job->options->quiet ||
                 (request->source != AJAR_STATE_SCAN && !job->options->verbose);
    return session_open(&job->session, from_config ? config->targets : request->paths,
                        from_config ? config->target_count : request->path_count, quiet);
}

static enum app_exit take_in(struct job *job)
{
    const struct visit_request *request = job->request;
    if (request->source == AJAR_STATE_RECHECK)
    {
        return recheck_intake(&job->intake, &job->session, &job->store, job->options);
    }
    return request->args != NULL ? intake_args(&job->intake, &job->session, request->args,
                                               request->arg_count, job->options)
                                 : intake_scope(&job->intake, &job->session);
}

static enum app_exit work(struct job *job)
{
    bool go = true;
    enum app_exit code = open_scope(job);
    if (code == APP_OK)
    {
        code = take_in(job);
    }
    if (code == APP_OK)
    {
        code = open_memory(job, &go);
    }
    if (code == APP_OK && go && job->options->due)
    {
        code = due_choose(&job->due, &job->intake.list, &job->store);
    }
    if (code == APP_OK && go && job->options->due && job->intake.list.targets == 0 &&
        job->intake.unresolved_targets == 0)
    {
        (void)fprintf(stderr, "ajar: nothing is due now\n");
        go = false;
    }
    return code == APP_OK && go ? run_job(job) : code;
}

int visit_and_report(const struct visit_request *request)
{
    struct job *job = calloc(1, sizeof *job);
    enum app_exit code = APP_OK;
    if (job == NULL)
    {
        (void)fprintf(stderr, "ajar: out of memory\n");
        return APP_OUR_FAULT;
    }
    job->request = request;
    job->effective = *request->options;
    job->options = &job->effective;
    if (request->remember)
    {
        code = store_configure(&job->store, job->options);
        if (code == APP_OK)
        {
            apply_config(job);
        }
    }
    if (code == APP_OK)
    {
        code = work(job);
    }
    intake_deinit(&job->intake);
    due_free(&job->due);
    session_close(&job->session);
    store_end(&job->store);
    free(job);
    return (int)code;
}
