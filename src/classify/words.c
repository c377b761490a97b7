/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include "ajar/classify.h"
#include "ajar/status.h"

/* Names without a leading dot that products make for themselves (wire-facts 8). All names
 * with a leading dot are system names too, but for the backing indices of user streams.
 * The count over all user indices (probe/elasticsearch/steps.c) leaves the same out: a
 * test holds both lists together. `searchguard` holds password hashes: system, not
 * harmless. */
const char *const words_system[] = {
    "ilm-history-*", "slm-history-*",      "kibana_sample_data_*", "security-auditlog-*",
    "top_queries-*", "wazuh-statistics-*", "searchguard*",
};
const size_t words_system_count = AJAR_COUNT_OF(words_system);

/* Ransom notes and wipers (wire-facts 6). STRONG: a name that a known campaign used and
 * that products do not. WEAK: a word that both use. */
const struct words_pattern words_ransom[] = {
    {"read_me", AJAR_RANSOM_STRONG}, /* notes of 2020-2022 */
    {"read-me", AJAR_RANSOM_STRONG},
    {"read_me_to_recover*", AJAR_RANSOM_STRONG}, /* Secureworks, 2022: 1,200 clusters */
    {"readme_to_recover*", AJAR_RANSOM_STRONG},
    {"recover_your_data*", AJAR_RANSOM_STRONG},
    {"how_to_recover*", AJAR_RANSOM_STRONG},
    {"how_to_restore*", AJAR_RANSOM_STRONG},
    {"nightlionsecurity.com", AJAR_RANSOM_STRONG}, /* the wipe of April 2020 */
    {"readme", AJAR_RANSOM_WEAK},
    {"please_read*", AJAR_RANSOM_WEAK},
    {"warning", AJAR_RANSOM_WEAK}, /* the note of January 2017 */
    {"warn", AJAR_RANSOM_WEAK},
    {"meow*", AJAR_RANSOM_WEAK},
    {"*meow",
     AJAR_RANSOM_WEAK}, /* the wiper of July 2020; its exact form is in names.c */
    {"hacked*", AJAR_RANSOM_WEAK},
    {"pwned*", AJAR_RANSOM_WEAK},
    {"bitcoin*", AJAR_RANSOM_WEAK},
    {"btc*", AJAR_RANSOM_WEAK},
    {"ransom*", AJAR_RANSOM_WEAK},
};
const size_t words_ransom_count = AJAR_COUNT_OF(words_ransom);

/* Whole tokens that hint at personal or secret data (wire-facts 8), singular and plural.
 */
/* clang-format off */
const char *const words_sensitive[] = {
    "account", "accounts", "audit", "auth", "bank", "banks", "booking", "bookings",
    "call", "calls", "candidate", "candidates", "card", "cards", "case", "cases", "cdr",
    "chat", "chats", "citizen", "citizens", "claim", "claims", "client", "clients",
    "contact", "contacts", "conversation", "conversations", "credential", "credentials",
    "customer", "customers", "cv", "device", "devices", "email", "emails", "employee",
    "employees", "gps", "health", "helpdesk", "hr", "incident", "incidents",
    "insurance", "invoice", "invoices", "key", "keys", "kyc", "lead", "leads", "loan",
    "loans", "location", "locations", "login", "logins", "mail", "mails", "medical",
    "member", "members", "message", "messages", "order", "orders", "otp", "passport",
    "passports", "password", "passwords", "patient", "patients", "payment", "payments",
    "payroll", "people", "person", "persons", "prescription", "prescriptions",
    "profile", "profiles", "reservation", "reservations", "resume", "resumes",
    "salaries", "salary", "secret", "secrets", "session", "sessions", "sms", "student",
    "students", "support", "ticket", "tickets", "token", "tokens", "transaction",
    "transactions", "user", "users", "voter", "voters",
};
/* clang-format on */
const size_t words_sensitive_count = AJAR_COUNT_OF(words_sensitive);
