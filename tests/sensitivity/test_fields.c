/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "ajar/sensitivity.h"

#include "tokens.h"

#define KIND(name) AJAR_KIND_BIT(name)

static void split_to(const char *name, char out[256])
{
    struct tokens tokens;
    size_t at = 0;
    tokens_split(ajar_span_of(name), &tokens);
    out[0] = '\0';
    for (size_t i = 0; i < tokens.count; i++)
    {
        const char *join = i == 0 ? "" : tokens.part[i] != tokens.part[i - 1] ? "." : " ";
        size_t len = strlen(tokens.text[i]);
        cr_assert_lt(at + len + 2, 256u);
        memcpy(out + at, join, strlen(join));
        at += strlen(join);
        memcpy(out + at, tokens.text[i], len + 1);
        at += len;
    }
}

Test(tokens, names_of_every_style)
{
    static const char *const cases[][2] = {
        {"customerEmail", "customer email"},
        {"CustomerEmail", "customer email"},
        {"customer_email", "customer email"},
        {"customer-email", "customer email"},
        {"customers.customerEmail", "customers.customer email"},
        {"CUSTOMER_EMAIL", "customer email"},
        {"userID", "user id"},
        {"userIDs", "user ids"},
        {"IPAddr", "ip addr"},
        {"ClientIP", "client ip"},
        {"clientIPs", "client ips"},
        {"HTTPServerName", "http server name"},
        {"telefono1", "telefono"},
        {"address2line", "address line"},
        {"ipv4", "ipv"},
        {"X-Forwarded-For", "x forwarded for"},
        {"contrase\xc3\xb1"
         "a",
         "contrasena"},
        {"Stra\xc3\x9f"
         "e",
         "strasse"},
        {"pr\xc3\xa9nom", "prenom"},
        {"\xc3\x89tatCivil", "etat civil"},
        {"Ger\xc3\xa4teNummer", "gerate nummer"},
        {"\xe7\x94\xb5\xe8\xaf\x9d", ""},
        {"a\xff\xc3", "a"},
        {"", ""},
        {"...", ""},
        {"__", ""},
    };
    for (size_t i = 0; i < AJAR_COUNT_OF(cases); i++)
    {
        char out[256];
        split_to(cases[i][0], out);
        cr_expect_str_eq(out, cases[i][1], "%s: %s", cases[i][0], out);
    }
}

Test(tokens, keeps_the_end_of_a_long_name)
{
    char name[1024] = "";
    for (int i = 0; i < 100; i++)
    {
        memcpy(name + (size_t)i * 4, "abc.", 4);
    }
    memcpy(name + 400, "email", 6);
    struct tokens tokens;
    tokens_split(ajar_span_of(name), &tokens);
    cr_assert_eq(tokens.count, (size_t)TOKENS_MAX);
    cr_assert_str_eq(tokens.text[TOKENS_MAX - 1], "email");
}

static uint32_t kinds_of(const char *index, const char *path, enum ajar_field_type type)
{
    struct ajar_field field = {ajar_span_of(index), ajar_span_of(path), type};
    return ajar_field_kinds(&field, false);
}

struct expected
{
    const char *index;
    const char *path;
    enum ajar_field_type type;
    uint32_t kinds;
};

static void expect(const struct expected *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        uint32_t kinds = kinds_of(cases[i].index, cases[i].path, cases[i].type);
        cr_expect_eq(kinds, cases[i].kinds, "%s: %s: %x, expected %x", cases[i].index,
                     cases[i].path, kinds, cases[i].kinds);
    }
}

Test(fields, what_they_are_in_every_language)
{
    static const struct expected cases[] = {
        {"customers", "customerEmail", AJAR_FIELD_KEYWORD, KIND(EMAIL)},
        {"x", "emailaddress", AJAR_FIELD_KEYWORD, KIND(EMAIL)},
        {"x", "correoElectronico", AJAR_FIELD_KEYWORD, KIND(EMAIL)},
        {"x", "vorname", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"x", "pr\xc3\xa9nom", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"x", "cognome", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"x", "achternaam", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"x", "sobrenome", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"x", "apellidos", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"x",
         "Stra\xc3\x9f"
         "e",
         AJAR_FIELD_KEYWORD, KIND(POSTAL_ADDRESS)},
        {"x", "fecha_nacimiento", AJAR_FIELD_DATE, KIND(BIRTH_DATE)},
        {"x", "birthDate", AJAR_FIELD_DATE, KIND(BIRTH_DATE)},
        {"x", "burgerservicenummer", AJAR_FIELD_KEYWORD, KIND(GOVERNMENT_ID)},
        {"x", "codiceFiscale", AJAR_FIELD_KEYWORD, KIND(GOVERNMENT_ID)},
        {"x", "cpf", AJAR_FIELD_INTEGER, KIND(GOVERNMENT_ID)},
        {"x", "mot_de_passe", AJAR_FIELD_KEYWORD, KIND(CREDENTIALS)},
        {"x", "wachtwoord", AJAR_FIELD_KEYWORD, KIND(CREDENTIALS)},
        {"x", "password_hash", AJAR_FIELD_KEYWORD, KIND(CREDENTIALS)},
        {"x", "kreditkartennummer", AJAR_FIELD_KEYWORD, KIND(PAYMENT)},
        {"x", "credit_card.number", AJAR_FIELD_KEYWORD, KIND(PAYMENT)},
        {"x", "diagn\xc3\xb3stico", AJAR_FIELD_TEXT, KIND(HEALTH)},
        {"x", "clientIP", AJAR_FIELD_KEYWORD, KIND(IP_ADDRESS)},
        {"x", "x_forwarded_for", AJAR_FIELD_KEYWORD, KIND(IP_ADDRESS)},
        {"x", "position", AJAR_FIELD_GEO, KIND(LOCATION)},
        {"x", "anything", AJAR_FIELD_IP, KIND(IP_ADDRESS)},
        {"x", "imei", AJAR_FIELD_KEYWORD, KIND(DEVICE_ID)},
        {"x", "phone.number", AJAR_FIELD_KEYWORD, KIND(PHONE)},
        {"x", "email.value", AJAR_FIELD_KEYWORD, KIND(EMAIL)},
        {"x", "comments", AJAR_FIELD_TEXT, KIND(FREE_TEXT)},
    };
    expect(cases, AJAR_COUNT_OF(cases));
}

Test(fields, compounds_without_a_sign)
{
    static const struct expected cases[] = {
        {"x", "kundenstrasse", AJAR_FIELD_KEYWORD, KIND(POSTAL_ADDRESS)},
        {"x", "hauptstrasse", AJAR_FIELD_KEYWORD, KIND(POSTAL_ADDRESS)},
        {"x",
         "Lieferstra\xc3\x9f"
         "e",
         AJAR_FIELD_KEYWORD, KIND(POSTAL_ADDRESS)},
        {"x", "shiptocity", AJAR_FIELD_KEYWORD, KIND(POSTAL_ADDRESS)},
        {"x", "partnergeburtsdatum", AJAR_FIELD_DATE, KIND(BIRTH_DATE)},
        {"x", "klantachternaam", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"x", "kundenname", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"x", "customeremail", AJAR_FIELD_KEYWORD, KIND(EMAIL)},
        {"x", "adminpassword", AJAR_FIELD_KEYWORD, KIND(CREDENTIALS)},
        {"x", "usernames", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"x", "wachtwoorden", AJAR_FIELD_KEYWORD, KIND(CREDENTIALS)},
        {"x", "fecha_de_nacimiento", AJAR_FIELD_DATE, KIND(BIRTH_DATE)},
        {"x", "street_and_number", AJAR_FIELD_KEYWORD, KIND(POSTAL_ADDRESS)},
        {"x", "nombre_del_paciente", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"x", "nom_client", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"x", "geo.lat", AJAR_FIELD_FLOAT, KIND(LOCATION)},
        {"x", "customer_lat_lng", AJAR_FIELD_KEYWORD, KIND(LOCATION)},
        /* traps of the same build */
        {"x", "membership", AJAR_FIELD_KEYWORD, 0},
        {"x", "leadership", AJAR_FIELD_KEYWORD, 0},
        {"x", "shipment", AJAR_FIELD_KEYWORD, 0},
        {"x", "shipdate", AJAR_FIELD_DATE, 0},
        {"x", "userid", AJAR_FIELD_KEYWORD, 0},
        {"x", "companyname", AJAR_FIELD_KEYWORD, 0},
        {"x", "waschstrasse", AJAR_FIELD_KEYWORD, 0},
        {"x", "voicemail", AJAR_FIELD_KEYWORD, 0},
        {"x", "streetview", AJAR_FIELD_KEYWORD, 0},
        {"x", "nombre_de_clients", AJAR_FIELD_KEYWORD, 0},
        {"x", "client_mail_server", AJAR_FIELD_KEYWORD, 0},
        {"x", "name_de", AJAR_FIELD_KEYWORD, 0},
    };
    expect(cases, AJAR_COUNT_OF(cases));
}

/* cust_name in `customers`: the table's name, cut short, says whose name it is. */
Test(fields, a_table_puts_its_own_name_into_its_fields)
{
    static const struct expected cases[] = {
        {"galette_adherents", "nom_adh", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"galette_adherents", "cp_adh", AJAR_FIELD_KEYWORD, KIND(POSTAL_ADDRESS)},
        {"mitglieder", "mitgl_name", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"products", "prod_name", AJAR_FIELD_KEYWORD, 0},
        {"adherents", "nom_ad", AJAR_FIELD_KEYWORD, 0}, /* two letters are too few */
        {"x", "nom_adh", AJAR_FIELD_KEYWORD, 0},
    };
    expect(cases, AJAR_COUNT_OF(cases));
}

/* An integer holds a post code, but no whole address: that is a key to another table. */
Test(fields, a_number_is_no_whole_address)
{
    static const struct expected cases[] = {
        {"x", "plz", AJAR_FIELD_INTEGER, KIND(POSTAL_ADDRESS)},
        {"x", "zip_code", AJAR_FIELD_INTEGER, KIND(POSTAL_ADDRESS)},
        {"x", "huisnummer", AJAR_FIELD_INTEGER, KIND(POSTAL_ADDRESS)},
        {"x", "rechnungsadresse", AJAR_FIELD_INTEGER, 0},
        {"x", "rechnungsadresse", AJAR_FIELD_KEYWORD, KIND(POSTAL_ADDRESS)},
        {"x", "billing_address", AJAR_FIELD_INTEGER, 0},
        {"x", "has_allergy", AJAR_FIELD_BOOLEAN, KIND(HEALTH)},
    };
    expect(cases, AJAR_COUNT_OF(cases));
}

Test(fields, traps_stay_quiet)
{
    static const char *const traps[] = {
        "passenger",
        "ipsum",
        "casein",
        "zip_file",
        "panel",
        "script",
        "tokenizer",
        "ship_date",
        "email_template_id",
        "password_policy",
        "phone_model",
        "memory_address",
        "ip_protocol",
        "hostname",
        "filename",
        "product_name",
        "recipe",
        "compass",
        "bypass",
        "telescope",
        "telemetry",
        "macro",
        "secretary",
        "keyboard",
        "monkey",
        "primary_key",
        "token_count",
        "card_layout",
        "country",
        "currency",
        "latency",
        "description",
        "mail_server",
        "name_server",
        "namespace",
        "address_family",
        "key",
        "id",
        "name",
        "type",
        "has_phone",
        "is_email_valid",
        "email_verified_at",
        "address_id",
        "description",
        "ownership",
        "township_map",
        "workspace",
        "homepage",
        "guestbook",
        "scorecard",
        "next_page_token",
        "web_vitals",
        "diagnostics",
        "kundennummer",
        "artikelnummer",
        "handyvertrag",
        "kartentyp",
        "trefwoord",
        "palabra_clave",
        "palavra_chave",
        "mot_cle",
        "raison_sociale",
        "numero_factura",
        "code_insee",
        "location_name",
        "street_light",
        "serial_port",
        "rx_bytes",
        "src_ip_bytes",
        "vat_rate",
        "bank_holiday",
    };
    for (size_t i = 0; i < AJAR_COUNT_OF(traps); i++)
    {
        cr_expect_eq(kinds_of("items", traps[i], AJAR_FIELD_KEYWORD), 0u, "%s", traps[i]);
    }
}

Test(fields, the_type_has_a_veto)
{
    static const struct expected cases[] = {
        {"x", "email_sent", AJAR_FIELD_BOOLEAN, 0},
        {"x", "email", AJAR_FIELD_BOOLEAN, 0},
        {"x", "email", AJAR_FIELD_DATE, 0},
        {"x", "password", AJAR_FIELD_BOOLEAN, 0},
        {"x", "description", AJAR_FIELD_KEYWORD, 0},
        {"x", "comment", AJAR_FIELD_KEYWORD, 0},
        {"x", "comment", AJAR_FIELD_TEXT, KIND(FREE_TEXT)},
        {"tickets", "description", AJAR_FIELD_TEXT, KIND(FREE_TEXT)},
        {"products", "description", AJAR_FIELD_TEXT, 0},
        {"x", "long", AJAR_FIELD_FLOAT, KIND(LOCATION)},
        {"x", "long", AJAR_FIELD_KEYWORD, 0},
        {"x", "user", AJAR_FIELD_OBJECT, 0},
        {"x", "diabetico", AJAR_FIELD_BOOLEAN, KIND(HEALTH)},
    };
    expect(cases, AJAR_COUNT_OF(cases));
}

Test(fields, the_surroundings_decide_what_a_bare_name_is)
{
    static const struct expected cases[] = {
        {"customers", "name", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"clientes", "nombre", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"x", "user.name", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"customers", "product.name", AJAR_FIELD_KEYWORD, 0},
        {"x", "user.group.name", AJAR_FIELD_KEYWORD, 0},
        {"x", "name", AJAR_FIELD_KEYWORD, 0},
        {"x", "customer.address", AJAR_FIELD_KEYWORD, KIND(POSTAL_ADDRESS)},
        {"x", "client.address", AJAR_FIELD_KEYWORD, KIND(IP_ADDRESS)},
        {"x", "process.memory.address", AJAR_FIELD_KEYWORD, 0},
        {"x", "process.parent.name", AJAR_FIELD_KEYWORD, 0},
        {"x", "student.parent.name", AJAR_FIELD_KEYWORD, KIND(PERSON_NAME)},
        {"x", "client.geo.name", AJAR_FIELD_KEYWORD, 0},
        {"x", "tls.client.x509.subject.locality", AJAR_FIELD_KEYWORD, 0},
    };
    expect(cases, AJAR_COUNT_OF(cases));
    struct ajar_field name = {ajar_span_of("x"), ajar_span_of("nombre"),
                              AJAR_FIELD_KEYWORD};
    cr_assert_eq(ajar_field_kinds(&name, false), 0u);
    cr_assert_eq(ajar_field_kinds(&name, true), KIND(PERSON_NAME));
}

Test(fields, what_is_redacted_is_not_sensitive)
{
    static const struct expected cases[] = {
        {"x", "email_redacted", AJAR_FIELD_KEYWORD, 0},
        {"x", "email_hash", AJAR_FIELD_KEYWORD, 0},
        {"x", "masked_phone", AJAR_FIELD_KEYWORD, 0},
        {"customers_anonymized", "email", AJAR_FIELD_KEYWORD, 0},
        {"x", "raw_email", AJAR_FIELD_KEYWORD, KIND(EMAIL)},
        {"md_clinic", "email", AJAR_FIELD_KEYWORD, KIND(EMAIL)}, /* no MD5 */
        {"hash-tags", "email", AJAR_FIELD_KEYWORD, KIND(EMAIL)},
        {"x", "password_hash", AJAR_FIELD_KEYWORD, KIND(CREDENTIALS)},
    };
    expect(cases, AJAR_COUNT_OF(cases));
}

Test(score, as_documented)
{
    cr_assert_eq(ajar_sensitivity_score(0), 0u);
    cr_assert_eq(ajar_sensitivity_score(KIND(EMAIL) | KIND(IP_ADDRESS)), 82u);
    cr_assert_eq(ajar_sensitivity_score(KIND(FREE_TEXT)), 30u);
    cr_assert_eq(ajar_sensitivity_score((1u << AJAR_KIND_COUNT) - 1), 100u);
    cr_assert_eq(ajar_sensitivity_level_of(0), AJAR_SENSITIVITY_NONE);
    cr_assert_eq(ajar_sensitivity_level_of(49), AJAR_SENSITIVITY_LOW);
    cr_assert_eq(ajar_sensitivity_level_of(69), AJAR_SENSITIVITY_MEDIUM);
    cr_assert_eq(ajar_sensitivity_level_of(94), AJAR_SENSITIVITY_HIGH);
    cr_assert_eq(ajar_sensitivity_level_of(95), AJAR_SENSITIVITY_CRITICAL);
}

/* One kind more never lowers the score. */
Test(score, grows_with_every_kind)
{
    for (uint32_t kinds = 0; kinds < 1u << AJAR_KIND_COUNT; kinds++)
    {
        for (unsigned i = 0; i < AJAR_KIND_COUNT; i++)
        {
            cr_assert_geq(ajar_sensitivity_score(kinds | 1u << i),
                          ajar_sensitivity_score(kinds));
        }
    }
}
