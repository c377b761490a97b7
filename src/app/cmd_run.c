/* SPDX-License-Identifier: Apache-2.0 */
/* check, scan and demo: from the declared scope to a finished report. */
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
#include "fdlimit.h"
#include "intake.h"
#include "sink.h"

#define CONCURRENCY_MAX 60000u
#define CHECK_TELLS 64u

struct job
{
    const struct app_options *options;
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
    struct timeval now;
    struct tm parts;
    char when[24];
    uint64_t seed = job->options->seed;
    if (!job->options->has_seed &&
        getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
    {
        seed = (uint64_t)time(NULL);
    }
    /* 53 bits, so that the number survives every JSON reader */
    seed &= UINT64_C(0x1fffffffffffff);
    (void)gettimeofday(&now, NULL);
    (void)gmtime_r(&now.tv_sec, &parts);
    (void)strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &parts);
    uint64_t unique =
        ajar_prng_mix((uint64_t)now.tv_usec ^ (uint64_t)getpid() << 20, seed);
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
        .started_unix_ms = (int64_t)now.tv_sec * 1000 + now.tv_usec / 1000,
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
        .color = may_color, .columns = 100, .verbose = options->verbose};
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
        .sink = sink_for_run(&job->sink),
        .progress = terminal && !options->quiet && !options->no_progress,
        .verbose = options->verbose,
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
    if (result.sink_status != AJAR_OK)
    {
        return output_failed(job);
    }
    result.totals.not_visited += job->intake.unresolved_targets;
    result.totals.complete =
        result.totals.complete && job->intake.unresolved_targets == 0;
    if (sink_end(&job->sink, &job->info, &result.totals) != AJAR_OK)
    {
        return output_failed(job);
    }
    return exit_of(job, &result);
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
    code = execute(job);
    if (output_close(&job->output) != AJAR_OK && (code == APP_OK || code == APP_EXPOSED))
    {
        code = output_failed(job);
    }
    sink_deinit(&job->sink);
    return code;
}

int visit_and_report(const struct app_options *options, const char *const *paths,
                     size_t path_count, const char *const *args, size_t arg_count)
{
    struct job *job = calloc(1, sizeof *job);
    if (job == NULL)
    {
        (void)fprintf(stderr, "ajar: out of memory\n");
        return APP_OUR_FAULT;
    }
    job->options = options;
    enum app_exit code = session_open(&job->session, paths, path_count, options->quiet);
    if (code == APP_OK)
    {
        code = args != NULL
                   ? intake_args(&job->intake, &job->session, args, arg_count, options)
                   : intake_scope(&job->intake, &job->session);
        if (code == APP_OK)
        {
            code = run_job(job);
        }
        intake_deinit(&job->intake);
        session_close(&job->session);
    }
    free(job);
    return (int)code;
}

int cmd_check(const struct app_options *options)
{
    return visit_and_report(options, options->targets, options->target_count,
                            options->args, options->arg_count);
}

int cmd_scan(const struct app_options *options)
{
    const char *paths[SESSION_MAX_PATHS];
    size_t count = 0;
    if (options->target_count + options->arg_count > SESSION_MAX_PATHS)
    {
        (void)fprintf(stderr, "ajar: at most %d targets files or folders may be named\n",
                      SESSION_MAX_PATHS);
        return APP_USAGE;
    }
    for (size_t i = 0; i < options->target_count; i++)
    {
        paths[count++] = options->targets[i];
    }
    for (size_t i = 0; i < options->arg_count; i++)
    {
        paths[count++] = options->args[i];
    }
    return visit_and_report(options, paths, count, NULL, 0);
}

int print_buf(struct ajar_buf *buf)
{
    struct output output;
    int error = 0;
    bool failed = buf->failed || output_open(&output, NULL, &error) != AJAR_OK;
    if (!failed)
    {
        (void)ajar_buf_append(output_buf(&output), buf->data, buf->len);
        failed = output_close(&output) != AJAR_OK;
        error = output.error;
    }
    ajar_buf_deinit(buf);
    if (failed)
    {
        (void)fprintf(stderr, "ajar: cannot write the output: %s\n",
                      error != 0 ? strerror(error) : "out of memory");
        return APP_INCOMPLETE;
    }
    return APP_OK;
}
