/* SPDX-License-Identifier: Apache-2.0 */
/* `ajar attribution`: the probe description file of RFC 9511 section 2.1, in
 * the line format of RFC 9116 section 2.2. */
#include "commands.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ajar/limits.h"

#define YEAR_SECONDS (365 * 24 * 3600)

static bool is_clean(const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
    {
        if ((unsigned char)*at <= ' ' || (unsigned char)*at >= 0x7f)
        {
            return false;
        }
    }
    return text[0] != '\0';
}

/* RFC 9116 section 2.5.3 asks for a URI: a bare mail address becomes one. */
static const char *contact_scheme(const char *contact)
{
    bool is_uri = strncmp(contact, "mailto:", 7) == 0 ||
                  strncmp(contact, "tel:", 4) == 0 ||
                  strncmp(contact, "https://", 8) == 0;
    return is_uri ? "" : strchr(contact, '@') != NULL ? "mailto:" : NULL;
}

int cmd_attribution(const struct app_options *options)
{
    const char *contact = options->contact;
    const char *url = options->url;
    if (contact == NULL || url == NULL)
    {
        (void)fprintf(stderr, "ajar: attribution needs --contact and --url, for example\n"
                              "  ajar attribution --contact security@corp.example --url "
                              "https://corp.example/.well-known/probing.txt\n");
        return APP_USAGE;
    }
    const char *scheme = contact_scheme(contact);
    if (!is_clean(contact) || scheme == NULL)
    {
        (void)fprintf(stderr,
                      "ajar: --contact %s: give a mail address, or a mailto:, tel: "
                      "or https: URI, without spaces\n",
                      contact);
        return APP_USAGE;
    }
    if (!is_clean(url) || strncmp(url, "https://", 8) != 0)
    {
        (void)fprintf(stderr,
                      "ajar: --url %s: give an https:// URL without spaces (RFC "
                      "9511: the file is served over HTTPS)\n",
                      url);
        return APP_USAGE;
    }
    time_t expires = time(NULL) + YEAR_SECONDS;
    struct tm parts;
    char when[32];
    (void)gmtime_r(&expires, &parts);
    (void)strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &parts);
    struct ajar_buf out;
    ajar_buf_init(&out, 16384);
    (void)ajar_buf_printf(
        &out,
        "# Probe description (RFC 9511), made by ajar %s.\n"
        "# Serve it as https://NAME/.well-known/probing.txt, where NAME is the "
        "reverse "
        "DNS\n"
        "# name of each address that scans, and start scans with --url %s\n"
        "Canonical: %s\n"
        "Contact: %s%s\n"
        "Expires: %s\n"
        "Preferred-Languages: en\n"
        "Description: ajar looks for datastores of our own organization that "
        "stand open. "
        "It sends at most %d unauthenticated HTTP GET requests to a port, reads "
        "no "
        "record, "
        "and stops at the first 401.\n",
        AJAR_VERSION, url, url, scheme, contact, when, AJAR_MAX_REQUESTS);
    return print_buf(&out);
}
