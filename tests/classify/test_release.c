/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/classify.h"

#include <string.h>

#include <criterion/criterion.h>

static bool ended(const char *product, const char *version)
{
    const char *since = NULL;
    return ajar_release_is_end_of_life(product, version, &since);
}

Test(release, parse)
{
    struct ajar_release release = {9, 9, 9};
    cr_expect(ajar_release_parse("8.7.1", &release));
    cr_expect(release.major == 8 && release.minor == 7 && release.patch == 1);
    cr_expect(ajar_release_parse("0.90.0.Beta1", &release));
    cr_expect(release.major == 0 && release.minor == 90 && release.patch == 0);
    cr_expect(ajar_release_parse("8.12.0-SNAPSHOT", &release));
    cr_expect(ajar_release_parse("4.6", &release) && release.patch == 0);
    static const char *const bad[] = {
        NULL, "",   "8",    "N/A",  "x.1",
        "8.", ".8", "-1.2", "v8.1", "99999999999999999999.1"};
    for (size_t i = 0; i < AJAR_COUNT_OF(bad); i++)
    {
        cr_expect_not(ajar_release_parse(bad[i], &release), "%s",
                      bad[i] ? bad[i] : "NULL");
    }
    cr_expect_eq(release.minor, 6, "untouched on failure");
}

Test(release, order)
{
    struct ajar_release release = {7, 10, 2};
    cr_expect(ajar_release_before(&release, 8, 0, 0));
    cr_expect(ajar_release_before(&release, 7, 11, 0));
    cr_expect(ajar_release_before(&release, 7, 10, 3));
    cr_expect_not(ajar_release_before(&release, 7, 10, 2));
    cr_expect_not(ajar_release_before(&release, 7, 9, 9));
    cr_expect_not(ajar_release_before(&release, 6, 99, 99));
}

Test(release, end_of_life)
{
    cr_expect(ended("elasticsearch", "0.90.13"));
    cr_expect(ended("elasticsearch", "7.17.29"));
    cr_expect(ended("elasticsearch", "8.7.1"));
    cr_expect(ended("elasticsearch", "8.18.0"));
    cr_expect_not(ended("elasticsearch", "8.19.20"));
    cr_expect(ended("elasticsearch", "9.3.8"));
    cr_expect_not(ended("elasticsearch", "9.4.5"));
    cr_expect_not(ended("elasticsearch", "10.0.0"));
    cr_expect(ended("opensearch", "1.3.20"));
    cr_expect_not(ended("opensearch", "2.19.6"));
    cr_expect_not(ended("opensearch", "7.10.2"));
    cr_expect_not(ended("quickwit", "7.17.0"));
    cr_expect_not(ended(NULL, "7.17.0"));
    cr_expect_not(ended("elasticsearch", NULL));
    const char *since = NULL;
    cr_expect(ajar_release_is_end_of_life("elasticsearch", "7.1.0", &since));
    cr_expect_str_eq(since, "2026-01-15");
}

static bool says(const char *const *lines, const char *part)
{
    for (; *lines != NULL; lines++)
    {
        if (strstr(*lines, part) != NULL)
        {
            return true;
        }
    }
    return false;
}

static const char *const *remedy(const char *product, const char *version)
{
    return ajar_remedy(product, version, AJAR_EXPOSURE_RECORDS);
}

Test(release, remedies)
{
    cr_expect(says(remedy("elasticsearch", "1.7.6"), "no free access control"));
    cr_expect(says(remedy("elasticsearch", "7.0.1"), "no free access control"));
    cr_expect(says(remedy("elasticsearch", "6.8.0"), "xpack.security.enabled: true"));
    cr_expect(says(remedy("elasticsearch", "7.17.9"), "elasticsearch-setup-passwords"));
    cr_expect(says(remedy("elasticsearch", "8.7.1"), "on by default"));
    cr_expect(says(remedy("elasticsearch", NULL), "xpack.security.enabled"));
    cr_expect(says(remedy("opensearch", "2.11.1"), "anonymous_auth_enabled: false"));
    cr_expect(says(remedy("quickwit", "7.17.0"), "this product"));
    cr_expect(says(remedy(NULL, NULL), "firewall"));
    cr_expect_null(ajar_remedy("elasticsearch", "8.7.1", AJAR_EXPOSURE_PROTECTED)[0]);
    cr_expect_null(ajar_remedy(NULL, NULL, AJAR_EXPOSURE_INCONCLUSIVE)[0]);
}
