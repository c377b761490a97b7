/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Input: an ajar.ini. There is a configuration or there are faults, never both; each
 * fault says what, where and how to mend it; every value is inside its bounds and nothing
 * of the text is still needed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ajar/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text, bool may_be_empty)
{
    AJAR_REQUIRE(text != NULL && strlen(text) <= AJAR_MAX_CONFIG_TEXT);
    AJAR_REQUIRE(may_be_empty || text[0] != '\0');
}

static void check_tickets(const struct ajar_tickets *tickets)
{
    check_text(tickets->name, true);
    check_text(tickets->command, false);
    AJAR_REQUIRE(tickets->command[0] == '/');
    AJAR_REQUIRE(tickets->timeout_ms >= 1000 && tickets->timeout_ms <= 3600000);
    AJAR_REQUIRE(tickets->arguments != NULL && tickets->line > 0);
    AJAR_REQUIRE(tickets->argument_count <= AJAR_MAX_TICKET_ARGUMENTS);
    AJAR_REQUIRE(tickets->owner_count <= AJAR_MAX_TICKET_OWNERS);
    AJAR_REQUIRE((tickets->owners != NULL) == (tickets->owner_count > 0));
    for (size_t i = 0; i < tickets->argument_count; i++)
    {
        check_text(tickets->arguments[i], true);
    }
    for (size_t i = 0; i < tickets->owner_count; i++)
    {
        check_text(tickets->owners[i], false);
    }
}

static void check_number(const struct ajar_config_number *number, uint64_t unit,
                         uint64_t min, uint64_t max)
{
    AJAR_REQUIRE(!number->given ||
                 (number->value / unit >= min && number->value / unit <= max));
}

#define UNIT_NUMBER 1u
#define UNIT_TIME 1u
#define UNIT_DAYS 1u

static void check_config(const struct ajar_config *config)
{
#define X(section, member, key, kind, min, max)                                          \
    check_number(&config->member, UNIT_##kind, min, max);
    AJAR_CONFIG_NUMBER_MAP(X)
#undef X
    AJAR_REQUIRE(config->ticket_count <= AJAR_MAX_TICKET_SECTIONS);
    AJAR_REQUIRE(config->target_count <= AJAR_MAX_CONFIG_TARGETS);
    for (size_t i = 0; i < config->ticket_count; i++)
    {
        check_tickets(&config->tickets[i]);
        for (size_t k = 0; k < i; k++)
        {
            AJAR_REQUIRE(strcmp(config->tickets[i].name, config->tickets[k].name) != 0);
        }
    }
    for (size_t i = 0; i < config->target_count; i++)
    {
        check_text(config->targets[i], false);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ajar_config_faults faults;
    struct ajar_config *config = NULL;
    char *copy = malloc(size > 0 ? size : 1); /* exactly as large, for AddressSanitizer */
    AJAR_REQUIRE(copy != NULL);
    if (size > 0)
    {
        memcpy(copy, data, size);
    }
    memset(&faults, 0, sizeof(faults));
    int status = ajar_config_load_text("fuzz.ini", (struct ajar_span){copy, size},
                                       &faults, &config);
    free(copy); /* the configuration owns all that it keeps */
    AJAR_REQUIRE((status == AJAR_OK) == (config != NULL));
    AJAR_REQUIRE((status == AJAR_OK) == (faults.count == 0));
    AJAR_REQUIRE(faults.count <= AJAR_CONFIG_FAULTS);
    for (size_t i = 0; i < faults.count; i++)
    {
        AJAR_REQUIRE(faults.items[i].what[0] != '\0' && faults.items[i].mend[0] != '\0');
        AJAR_REQUIRE(strcmp(faults.items[i].file, "fuzz.ini") == 0);
    }
    if (config != NULL)
    {
        check_config(config);
    }
    ajar_config_free(config);
    return 0;
}
