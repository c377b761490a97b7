/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ajar/config.h"

static struct ajar_config *load(const char *text)
{
    struct ajar_config_faults faults;
    struct ajar_config *config = NULL;
    int status = ajar_config_load_text("ajar.ini", ajar_span_of(text), &faults, &config);
    cr_assert_eq(status, AJAR_OK, "%u: %s", faults.count > 0 ? faults.items[0].line : 0,
                 faults.count > 0 ? faults.items[0].what : ajar_status_text(status));
    return config;
}

Test(config, reads_the_issue_s_example)
{
    struct ajar_config *config =
        load("[tickets]\n"
             "command  = /usr/share/ajar/tickets/jira      ; run directly, no shell\n"
             "argument = --project                         ; may repeat\n"
             "argument = SEC\n"
             "timeout  = 45s\n"
             "owners   = support-analytics, billing        ; optional\n"
             "[tickets mail]\r\n"
             "command = /usr/share/ajar/tickets/mail\r\n"
             "argument = \" a \\\"b\\\" ; c \\\\ \\n\" # kept as it stands\n"
             "argument =\n");
    cr_assert_eq(config->ticket_count, 2);
    const struct ajar_tickets *jira = &config->tickets[0];
    cr_assert_str_eq(jira->name, "");
    cr_assert_str_eq(jira->command, "/usr/share/ajar/tickets/jira");
    cr_assert_eq(jira->argument_count, 2);
    cr_assert_str_eq(jira->arguments[0], "--project");
    cr_assert_str_eq(jira->arguments[1], "SEC");
    cr_assert_eq(jira->timeout_ms, 45000);
    cr_assert_eq(jira->owner_count, 2);
    cr_assert_str_eq(jira->owners[0], "support-analytics");
    cr_assert_str_eq(jira->owners[1], "billing");
    cr_assert_eq(jira->line, 1);
    const struct ajar_tickets *mail = &config->tickets[1];
    cr_assert_str_eq(mail->name, "mail");
    cr_assert_eq(mail->argument_count, 2);
    cr_assert_str_eq(mail->arguments[0], " a \"b\" ; c \\ \\n");
    cr_assert_str_eq(mail->arguments[1], "");
    cr_assert_eq(mail->timeout_ms, 30000, "the default");
    cr_assert_null(mail->owners, "none given: all");
    ajar_config_free(config);
}

Test(config, reads_state_and_scan)
{
    struct ajar_config *config =
        load("\xef\xbb\xbf# a remark\n"
             "[state]\n"
             "  file = /var/lib/ajar/state.db\n"
             "keep-runs = 400d\nkeep-targets=30\n"
             "[scan]\n"
             "every = 24h\nopen-every=1h\nvantage = internet\n"
             "rate = 0\nconnect-timeout = 1500ms\n"
             "targets = /etc/ajar/targets\ntargets = /srv/t.ini\n"
             "url = https://scan.example/ajar");
    cr_assert_str_eq(config->state_file, "/var/lib/ajar/state.db");
    cr_assert(config->keep_runs.given);
    cr_assert_eq(config->keep_runs.value, 400);
    cr_assert_eq(config->keep_targets.value, 30);
    cr_assert_not(config->keep_findings.given);
    cr_assert_eq(config->every.value, 86400000);
    cr_assert_eq(config->open_every.value, 3600000);
    cr_assert_str_eq(config->vantage, "internet");
    cr_assert(config->rate.given);
    cr_assert_eq(config->rate.value, 0);
    cr_assert_eq(config->connect_timeout.value, 1500);
    cr_assert_eq(config->target_count, 2);
    cr_assert_str_eq(config->targets[1], "/srv/t.ini");
    cr_assert_str_eq(config->url, "https://scan.example/ajar");
    cr_assert_not(config->concurrency.given);
    ajar_config_free(config);
}

Test(config, an_empty_text_is_an_empty_configuration)
{
    struct ajar_config *config = load("");
    cr_assert_eq(config->ticket_count, 0);
    cr_assert_eq(config->target_count, 0);
    cr_assert_not_null(config->tickets);
    cr_assert_not_null(config->targets);
    cr_assert_null(config->state_file);
    ajar_config_free(config);
}

#define TICKETS "[tickets]\ncommand = /bin/true\n"

static const struct
{
    const char *text;
    unsigned line;
    unsigned column;
    const char *what;
    const char *mend; /* part of it */
} wrong[] = {
    {TICKETS "comand = /bin/x\n", 3, 1, "[tickets] has no key 'comand'", "write command"},
    {TICKETS "  Timeuot = 3s\n", 3, 3, "[tickets] has no key 'Timeuot'", "write timeout"},
    {TICKETS "owner = x\n", 3, 1, "[tickets] has no key 'owner'", "write owners"},
    {TICKETS "args = x\n", 3, 1, "[tickets] has no key 'args'", "write argument"},
    {"[scan]\nvantge = x\n", 2, 1, "[scan] has no key 'vantge'", "write vantage"},
    {"[scan]\nfile = /x\n", 2, 1, "[scan] has no key 'file'", "write rate"},
    {"[state]\nfiel = /x\n", 2, 1, "[state] has no key 'fiel'", "write file"},
    {"[ticket]\ncommand = /bin/x\n", 1, 1, "there is no section [ticket]",
     "write [tickets]"},
    {"[]\n", 1, 1, "there is no section []", "write ["},
    {"[scan fast]\n", 1, 1, "this section takes no name", "write [scan]"},
    {"[scan\n", 1, 1, "the section's ']' is missing", "[scan]"},
    {"[scan] every = 2h\n", 1, 8, "text behind the section's ']'", "next line"},
    {"every = 2h\n", 1, 1, "a key before the first section", "[scan]"},
    {"[scan]\nevery\n", 2, 1, "there is no '=' on this line", "key = value"},
    {"[scan]\nevery = 1x\n", 2, 9, "'1x' is no value for every",
     "a time, as in 30s or 24h, from 1m to 366d"},
    {"[scan]\nevery = 24\n", 2, 9, "'24' is no value for every", "a time"},
    {"[scan]\nevery = 1s\n", 2, 9, "'1s' is no value for every", "from 1m"},
    {"[scan]\nevery = 99999999999999999999d\n", 2, 9,
     "'99999999999999999999d' is no value for every", "366d"},
    {"[scan]\nrate = -1\n", 2, 8, "'-1' is no value for rate", "from 0 to 1000000"},
    {"[scan]\nrate = 5\nrate = 5\n", 3, 1, "'rate' is given twice", "keep one"},
    {"[scan]\ntargets = t.ini\n", 2, 11, "'t.ini' is not a whole path", "from /"},
    {"[scan]\nvantage =\n", 2, 10, "no vantage of 1 to 64 bytes", "internet"},
    {"[scan]\nurl = example.org\n", 2, 7, "'example.org' is no URL", "https://"},
    {"[state]\nkeep-runs = 0\n", 2, 13, "'0' is no value for keep-runs",
     "a number of days, as in 400d, from 1d to 36500d"},
    {"[tickets]\ntimeout = 3s\n", 1, 0, "[tickets] has no command", "command ="},
    {"[tickets x]\n" TICKETS, 1, 0, "[tickets x] has no command", "command ="},
    {"[tickets]\ncommand = jira\n", 2, 11, "'jira' is not a whole path", "from /"},
    {TICKETS "command = /bin/x\n", 3, 1, "'command' is given twice", "keep one"},
    {TICKETS "timeout = 1s\ntimeout = 1s\n", 4, 1, "'timeout' is given twice", "keep"},
    {TICKETS "timeout = 0s\n", 3, 11, "'0s' is no value for timeout", "from 1s to 1h"},
    {TICKETS "owners = a,,b\n", 3, 10, "an owner is missing", "billing"},
    {TICKETS "owners =\n", 3, 9, "an owner is missing", "billing"},
    {TICKETS "argument = \"x\n", 3, 12, "the value's closing quote is missing", "\\\""},
    {TICKETS "argument = \"x\" y\n", 3, 16, "text behind the closing quote", "between"},
    {TICKETS TICKETS, 3, 1, "[tickets] stands in line 1 already", "own name"},
    {"[tickets a b]\n", 1, 1, "'a b' is not a name", "letters"},
    {TICKETS "argument = a\x01z\n", 3, 13, "a control byte (0x01)", "remove"},
    {TICKETS "argument = \xff\n", 3, 0, "not valid UTF-8", "UTF-8"},
};

Test(config, says_what_is_wrong_where_and_what_to_write)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(wrong); i++)
    {
        struct ajar_config_faults faults;
        struct ajar_config *config = NULL;
        int status = ajar_config_load_text("my.ini", ajar_span_of(wrong[i].text), &faults,
                                           &config);
        cr_assert_eq(status, AJAR_ESYNTAX, "%zu: taken", i);
        cr_assert_null(config);
        cr_assert_eq(faults.count, 1, "%zu: %zu faults, then %s", i, faults.count,
                     faults.count > 1 ? faults.items[1].what : "");
        cr_expect_str_eq(faults.items[0].what, wrong[i].what);
        cr_expect(strstr(faults.items[0].mend, wrong[i].mend) != NULL, "%zu: %s", i,
                  faults.items[0].mend);
        cr_expect_eq(faults.items[0].line, wrong[i].line, "%zu: line %u", i,
                     faults.items[0].line);
        cr_expect_eq(faults.items[0].column, wrong[i].column, "%zu: column %u", i,
                     faults.items[0].column);
        cr_expect_str_eq(faults.items[0].file, "my.ini");
        cr_expect(faults.items[0].is_error);
    }
}

Test(config, several_faults_are_told_together)
{
    struct ajar_config_faults faults;
    struct ajar_config *config = NULL;
    char text[4096] = "[scan]\n";
    for (int i = 0; i < 12; i++)
    {
        memcpy(text + strlen(text), "bad = 1\n", 9);
    }
    int status = ajar_config_load_text("x", ajar_span_of(text), &faults, &config);
    cr_assert_eq(status, AJAR_ESYNTAX);
    cr_assert_eq(faults.count, AJAR_CONFIG_FAULTS);
    cr_assert_eq(faults.more, 12 - AJAR_CONFIG_FAULTS);
    cr_assert_eq(faults.items[7].line, 9);
}

/* Whatever is cut off or put in, it ends with a configuration or with a fault. */
Test(config, cut_anywhere_and_broken_anywhere)
{
    static const char whole[] = "[state]\nfile = /s\n[tickets a]\ncommand=/bin/x\n"
                                "argument = \"q \\\" ; \" ; r\nowners = a, b\n[scan]\n"
                                "every = 24h\ntargets = /t\n";
    for (size_t len = 0; len < sizeof(whole); len++)
    {
        for (int put = -1; put < 256; put += len % 7 == 0 ? 1 : 257)
        {
            char text[sizeof(whole)];
            struct ajar_config_faults faults;
            struct ajar_config *config = NULL;
            memcpy(text, whole, sizeof(whole));
            if (put >= 0)
            {
                text[len] = (char)put;
            }
            struct ajar_span span = {text, put >= 0 ? sizeof(whole) - 1 : len};
            int status = ajar_config_load_text("x", span, &faults, &config);
            cr_assert_eq(status == AJAR_OK, faults.count == 0);
            cr_assert_eq(status == AJAR_OK, config != NULL);
            ajar_config_free(config);
        }
    }
}

Test(config, limits_are_told)
{
    struct ajar_config_faults faults;
    struct ajar_config *config = NULL;
    struct ajar_buf text;
    ajar_buf_init(&text, 1 << 20);
    for (int i = 0; i <= AJAR_MAX_TICKET_SECTIONS; i++)
    {
        ajar_buf_printf(&text, "[tickets n%d]\ncommand = /bin/true\n", i);
    }
    cr_assert_eq(ajar_config_load_text("x", ajar_buf_span(&text), &faults, &config),
                 AJAR_ESYNTAX);
    cr_assert_str_eq(faults.items[0].what, "more than 16 [tickets] sections");
    ajar_buf_reset(&text, 0);
    ajar_buf_text(&text, TICKETS);
    for (int i = 0; i <= AJAR_MAX_TICKET_ARGUMENTS; i++)
    {
        ajar_buf_text(&text, "argument = x\n");
    }
    cr_assert_eq(ajar_config_load_text("x", ajar_buf_span(&text), &faults, &config),
                 AJAR_ESYNTAX);
    cr_assert_str_eq(faults.items[0].what, "more than 64 arguments");
    ajar_buf_reset(&text, 0);
    ajar_buf_text(&text, TICKETS "argument = ");
    for (int i = 0; i <= AJAR_MAX_CONFIG_TEXT; i++)
    {
        ajar_buf_byte(&text, 'x');
    }
    cr_assert_eq(ajar_config_load_text("x", ajar_buf_span(&text), &faults, &config),
                 AJAR_ESYNTAX);
    cr_assert_str_eq(faults.items[0].what, "the value is longer than 4096 bytes");
    ajar_buf_deinit(&text);
}

static void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    cr_assert_eq(fputs(text, file) >= 0 && fclose(file) == 0, 1);
}

Test(config, a_later_file_wins)
{
    char folder[] = "/tmp/ajar-config-XXXXXX";
    char system_path[64];
    char user_path[64];
    char none_path[64];
    cr_assert_not_null(mkdtemp(folder));
    (void)snprintf(system_path, sizeof(system_path), "%s/system.ini", folder);
    (void)snprintf(user_path, sizeof(user_path), "%s/user.ini", folder);
    (void)snprintf(none_path, sizeof(none_path), "%s/none.ini", folder);
    put_file(system_path,
             "[scan]\nrate = 5\nvantage = office\ntargets = /a\ntargets = /b\n"
             "[tickets]\ncommand = /bin/a\nargument = x\nowners = o\n"
             "[tickets two]\ncommand = /bin/two\n");
    put_file(user_path, "[scan]\nrate = 6\ntargets = /c\n"
                        "[tickets]\ncommand = /bin/b\n");
    struct ajar_config_path paths[] = {
        {system_path, false}, {none_path, false}, {user_path, true}};
    struct ajar_config_faults faults;
    struct ajar_config *config = NULL;
    cr_assert_eq(ajar_config_load(paths, 3, &faults, &config), AJAR_OK);
    cr_assert_eq(config->rate.value, 6);
    cr_assert_str_eq(config->vantage, "office");
    cr_assert_eq(config->target_count, 1);
    cr_assert_str_eq(config->targets[0], "/c");
    cr_assert_eq(config->ticket_count, 2);
    cr_assert_str_eq(config->tickets[0].command, "/bin/b");
    cr_assert_eq(config->tickets[0].argument_count, 0, "replaced as a whole");
    cr_assert_null(config->tickets[0].owners);
    cr_assert_str_eq(config->tickets[0].file, user_path);
    cr_assert_str_eq(config->tickets[1].command, "/bin/two");
    ajar_config_free(config);

    struct ajar_config_path missing = {none_path, true};
    config = NULL;
    cr_assert_eq(ajar_config_load(&missing, 1, &faults, &config), AJAR_ENOTFOUND);
    cr_assert_str_eq(faults.items[0].what, "No such file or directory");
    cr_assert_str_eq(faults.items[0].file, none_path);
    struct ajar_config_path is_folder = {folder, false};
    cr_assert_eq(ajar_config_load(&is_folder, 1, &faults, &config), AJAR_ESYSTEM);
    cr_assert_str_eq(faults.items[0].what, "Is a directory");
    cr_assert_null(config);
    cr_assert_eq(unlink(system_path) + unlink(user_path) + rmdir(folder), 0);
}

Test(config, times)
{
    uint64_t ms = 7;
    cr_assert_eq(ajar_config_time(ajar_span_of("7d"), 0, UINT64_MAX, &ms), AJAR_OK);
    cr_assert_eq(ms, 7u * 86400000u);
    cr_assert_eq(ajar_config_time(ajar_span_of("90m"), 0, UINT64_MAX, &ms), AJAR_OK);
    cr_assert_eq(ms, 5400000);
    cr_assert_eq(ajar_config_time(ajar_span_of("h"), 0, UINT64_MAX, &ms), AJAR_ESYNTAX);
    cr_assert_eq(ajar_config_time(ajar_span_of("1 h"), 0, UINT64_MAX, &ms), AJAR_ESYNTAX);
    cr_assert_eq(ajar_config_time(ajar_span_of("1H"), 0, UINT64_MAX, &ms), AJAR_ESYNTAX);
    cr_assert_eq(ajar_config_time(ajar_span_of(""), 0, UINT64_MAX, &ms), AJAR_ESYNTAX);
    cr_assert_eq(ajar_config_time(ajar_span_of("2h"), 0, 3600000, &ms), AJAR_ELIMIT);
    cr_assert_eq(ajar_config_time(ajar_span_of("213503982335d"), 0, UINT64_MAX, &ms),
                 AJAR_ELIMIT);
    cr_assert_eq(ms, 5400000, "untouched");
}
