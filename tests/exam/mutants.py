# SPDX-License-Identifier: Apache-2.0
"""The classifier with one rule broken, as exact replacements: (name, rule, file, old, new).

Rules R1 to R17 are those of the wire research (docs/truth.md names them), the others those
of docs/classification.md. `old` must stand exactly once in the file: a mutant that fits no
longer is a failure, so that it follows the code."""

PROBE = "src/probe/elasticsearch/"
CLASSIFY = "src/classify/"

MUTANTS = [
    ("identity-needs-200", "R1: identity from a body of any status", PROBE + "readings.c",
     "bool banner = reply->json != NULL && es_banner_read(state, reply->json);",
     "bool banner = state->head.status == 200 && reply->json != NULL &&\n"
     "                  es_banner_read(state, reply->json);"),
    ("readable-at-any-status", "R1: readable only with 200", PROBE + "readings.c",
     """    uint64_t shards = 0;
    if (state->head.status != 200)
    {
        return by_status(state, reply);
    }
    if (!take_count""",
     """    uint64_t shards = 0;
    if (!take_count"""),
    ("health-403-with-shape", "R1: 403 is not shown", PROBE + "readings.c",
     """    uint64_t nodes = 0;
    if (state->head.status != 200)
    {""",
     """    uint64_t nodes = 0;
    if (state->head.status != 200 && state->head.status != 403)
    {"""),
    ("403-is-200", "R1: 403 is not shown", PROBE + "probe.c",
     "    es_head_read(state, head);",
     "    es_head_read(state, head);\n"
     "    state->head.status = head->status == 403 ? 200 : head->status;"),
    ("trust-the-tagline", "R2: the tagline alone is no proof", PROBE + "banner.c",
     """    else if ((elastic || banner->tagline == NULL) && state->release_known &&
             lucene_fits(&state->release, banner->lucene))""",
     "    else if (elastic || banner->tagline == NULL)"),
    ("trust-x-elastic-product", "R3: the header alone is no proof", PROBE + "readings.c",
     "if (evidence->product == NULL && !lookalike && error->shape &&",
     "if (evidence->product == NULL && !lookalike &&"),
    ("header-over-banner", "R3: the header names no lookalike", PROBE + "readings.c",
     "if (evidence->product == NULL && !lookalike && error->shape &&",
     "(void)lookalike;\n    if (evidence->product == NULL && error->shape &&"),
    ("ignore-distribution", "R4: distribution first", PROBE + "banner.c",
     "if (!by_distribution(state, &banner) && !by_constants(state, &banner))",
     "if (!by_constants(state, &banner))"),
    ("ignore-constants", "R4: constants of lookalikes", PROBE + "banner.c",
     "if (!by_distribution(state, &banner) && !by_constants(state, &banner))",
     "if (!by_distribution(state, &banner))"),
    ("ignore-opensearch-tagline", "R4: the OpenSearch tagline", PROBE + "banner.c",
     'if (text_starts(banner->tagline, "The OpenSearch Project"))', "if (false)"),
    ("version-of-compat-mode", "R5: 7.10.2 is not OpenSearch's version", PROBE + "banner.c",
     "evidence->version = state->compat ? NULL : keep(state, banner->number);",
     "evidence->version = keep(state, banner->number);"),
    ("compat-by-number-alone", "R5: 7.10.2 on Lucene 8.7 is Elasticsearch",
     PROBE + "banner.c",
     "(lucene.major == 9 || (lucene.major == 8 && lucene.minor >= 8));",
     "lucene.major >= 8;"),
    ("no-compat-mode", "R5: compatibility mode", PROBE + "banner.c",
     "else if ((elastic || banner->tagline == NULL) && is_compat(banner))",
     "else if (false && is_compat(banner))"),
    ("list-without-format", "R7: format=json is asked for", PROBE + "steps.c",
     '"/_cat/indices?format=json&bytes=b"', '"/_cat/indices?bytes=b"'),
    ("wildcards-for-all", "R8: expand_wildcards from 7.7 on", PROBE + "plan.c",
     "return before ? ES_LIST_MASTER : ES_LIST_ALL_MASTER;", "return ES_LIST_ALL_MASTER;"),
    ("no-second-form", "R8: once more without the parameter", PROBE + "plan.c",
     "    if (state->unknown_parameter && state->stage == STAGE_LIST &&",
     "    if (false && state->stage == STAGE_LIST &&"),
    ("no-second-health", "R8: health without parameters", PROBE + "plan.c",
     "if (state->unknown_parameter && state->stage == STAGE_HEALTH)", "if (false)"),
    ("empty-is-empty", "R9: [] beside active shards is not empty", PROBE + "plan.c",
     "bool hidden = indices->count == 0 && state->primaries > 0;", "bool hidden = false;"),
    ("empty-array-is-a-list", "R9: [] alone is no list", PROBE + "list.c",
     "(list->rows.rows > 0 || list->rows.oversized > 0 || list->state->speaks);", "true;"),
    ("licence-is-protection", "R10: a lapsed licence is no refusal", PROBE + "readings.c",
     'if (es_error_says(&reply->error, "current license is non-compliant for ["))',
     "if (false)"),
    ("lapsed-is-closed", "R10: lapsed leaves the question open", CLASSIFY + "classify.c",
     "return reading == AJAR_READING_IN_DOUBT || reading == AJAR_READING_NOT_READY ||",
     "return reading == AJAR_READING_NOT_READY ||"),
    ("count-without-shards", "R11: a count over no shard proves nothing",
     PROBE + "readings.c",
     """    if (shards == 0)
    {
        say""",
     """    if (false)
    {
        say"""),
    ("count-shape-dropped", "R11: a count has _shards", PROBE + "readings.c",
     """    if (shards == NULL || !ajar_json_count(json, "count", out_count) ||
        !ajar_json_count(shards, "total", &total) ||
        !ajar_json_count(shards, "successful", &successful))
    {
        return false;
    }""",
     """    if (json == NULL || !ajar_json_count(json, "count", out_count))
    {
        return false;
    }
    total = successful = 1;"""),
    ("echo-is-believed", "R12: texts are compared from their beginning",
     PROBE + "errors.c",
     "    if (text_starts(error->reason, prefix))\n    {\n        return true;",
     "    if (error->reason != NULL && strstr(error->reason, prefix) != NULL)\n"
     "    {\n        return true;"),
    ("warning-by-keyword", "R12: the confession begins the quoted text", PROBE + "head.c",
     """    return ajar_span_starts(text,
                            "Elasticsearch built-in security features are not enabled");""",
     "    return text.len > 0;"),
    ("realm-by-case", "R13: field names without case", PROBE + "head.c",
     "           ajar_span_is_nocase(header->name, name);",
     "           ajar_span_is(header->name, name);"),
    ("no-master-waits", "R16: without a master the list would wait", PROBE + "plan.c",
     "if (state->no_master || (waits && endless && state->speaks))", "if (false)"),
    ("not-ready-is-absent", "R16: 503 is not ready", PROBE + "readings.c",
     "if (status == 408 || status == 429 || status >= 500)", "if (status == 408)"),
    ("decoys-are-compromised", "R17: decoys serve ransom notes", CLASSIFY + "severity.c",
     "if ((evidence->flags & AJAR_FLAG(HONEYPOT)) != 0)", "if (false)"),

    ("banner-shape-dropped", "shape of the banner", PROBE + "banner.c",
     """    return out->number != NULL &&
           (out->tagline != NULL || out->lucene != NULL || out->distribution != NULL);""",
     "    return out->number != NULL;"),
    ("banner-without-number", "shape of the banner", PROBE + "banner.c",
     """    return out->number != NULL &&
           (out->tagline""", """    return true ||
           (out->tagline"""),
    ("health-shape-dropped", "shape of health", PROBE + "readings.c",
     """    if (status == NULL || ajar_json_string(reply->json, "cluster_name") == NULL ||
        !ajar_json_count(reply->json, "number_of_nodes", &nodes))""",
     "    if (status == NULL)"),
    ("health-any-status-word", "shape of health", PROBE + "readings.c",
     "if (strcmp(text, words[i]) == 0)", "if (text[0] != 0)"),
    ("list-shape-dropped", "shape of the list", PROBE + "list.c",
     "    if (list->strange)\n    {\n        return false;\n    }\n", ""),
    ("aliases-shape-dropped", "shape of _aliases", PROBE + "list.c",
     'if (key.len == 0 || ajar_json_object(json, "aliases") == NULL)', "if (key.len == 0)"),
    ("cut-is-whole", "truncated is a lower bound", PROBE + "list.c",
     "facts->truncated = !done || list->rows.oversized > 0;",
     "facts->truncated = list->rows.oversized > 0;"),
    ("long-row-is-whole", "a row too long is a lower bound", PROBE + "list.c",
     "facts->truncated = !done || list->rows.oversized > 0;", "facts->truncated = !done;"),
    ("null-count-is-zero", "a null count is unknown", PROBE + "list.c",
     'row->counted = ajar_json_count(json, "docs.count", &row->documents);',
     '(void)ajar_json_count(json, "docs.count", &row->documents);\n    row->counted = true;'),
    ("ask-on-after-401", "no request follows a 401", PROBE + "readings.c",
     "    state->over = true; /* some guards count towards a lock-out: not one more */\n",
     ""),
    ("anonymous-401-is-refused", "a 401 to an anonymous user leaves its rights open",
     PROBE + "readings.c", "    if (!known || es_plan_shown_any(state))", "    if (true)"),
    ("hidden-version-is-old", "the header says 7.14 or later", PROBE + "plan.c",
     'if (is_product(state, "elasticsearch") && state->elastic_header)', "if (false)"),
    ("no-second-index", "the largest index is shut, the next may be open", PROBE + "plan.c",
     "return shut && !decoy && state->count_at == 0 && es_list_target(state, 1).len > 0;",
     "(void)shut;\n    (void)decoy;\n    return false;"),
    ("root-404-ends", "a shut / does not end the visit", PROBE + "plan.c",
     "    bool is_200 = state->head.status == 200;\n    if (",
     "    bool is_200 = state->head.status == 200;\n"
     "    if (reading == AJAR_READING_ABSENT || reading == AJAR_READING_REFUSED ||\n        "),
    ("ask-strangers-on", "a 200 that is no banner ends the visit", PROBE + "plan.c",
     "(is_200 && reading != AJAR_READING_SHOWN))", "(is_200 && false))"),
    ("blocked-is-refused", "403 of a blocked index", PROBE + "readings.c",
     """    if ((type != NULL && (strcmp(type, "cluster_block_exception") == 0 ||
                          strcmp(type, "index_closed_exception") == 0)) ||
        es_error_says(&reply->error, "blocked by: ["))""", "    (void)type;\n    if (false)"),
    ("no-control", "rule 1: the negative control", PROBE + "plan.c",
     "if (state->stage == STAGE_CONTROL && !es_plan_shown_any(state))",
     "if (state->stage == STAGE_CONTROL)"),
    ("catch-all-believed", "rule 1: catch-all", CLASSIFY + "classify.c",
     """    if (evidence->reading[AJAR_READ_CONTROL] == AJAR_READING_SHOWN)
    {
        return weigh_catch_all(level, evidence);
    }
""", ""),
    ("empty-control-is-catch-all", "rule 1: a count of nothing over no shard",
     PROBE + "readings.c", "return empty ? AJAR_READING_OTHER : AJAR_READING_SHOWN;",
     "return AJAR_READING_SHOWN;"),
    ("open-question-ignored", "rule 2: what lies above was answered",
     CLASSIFY + "classify.c", "if (level >= AJAR_EXPOSURE_INDICES || !unanswered)",
     "if (true)"),
    ("closed-question-ignored", "rule 3: nothing shown, something open",
     CLASSIFY + "classify.c",
     """    if (is_open_question(view->root) || is_open_question(view->health) ||
        is_open_question(view->list) || is_open_question(view->count))""", "    if (false)"),
    ("web-server-is-protected", "rule 4: a web server without an index page",
     CLASSIFY + "classify.c",
     "if (!is_datastore(evidence) && evidence->guard == NULL && only_root)", "if (false)"),
    ("refused-is-nothing", "rule 4: refused is protected", CLASSIFY + "classify.c",
     "        return AJAR_EXPOSURE_PROTECTED;", "        return AJAR_EXPOSURE_NOT_DATASTORE;"),
    ("silent-store-is-none", "rule 5: a known store is not not_datastore",
     CLASSIFY + "classify.c",
     "if (is_datastore(evidence) || view->root == AJAR_READING_NOT_ASKED)",
     "if (view->root == AJAR_READING_NOT_ASKED)"),
    ("lookalike-is-no-store", "rule 5: lookalikes speak the interface",
     CLASSIFY + "classify.c", "return (evidence->flags & AJAR_FLAG(LOOKALIKE)) != 0 ||",
     "return false ||"),
    ("ssh-is-inconclusive", "rule 6: not HTTP", CLASSIFY + "classify.c",
     """    case AJAR_OUTCOME_NOT_HTTP:
        return AJAR_EXPOSURE_NOT_DATASTORE;""",
     """    case AJAR_OUTCOME_NOT_HTTP:
        return AJAR_EXPOSURE_INCONCLUSIVE;"""),
    ("reset-is-inconclusive", "rule 6: reset", CLASSIFY + "classify.c",
     "    case AJAR_OUTCOME_RESET:\n    case AJAR_OUTCOME_CLOSED:\n",
     "    case AJAR_OUTCOME_CLOSED:\n"),
    ("system-index-counted", "system indices hold no records", CLASSIFY + "names.c",
     "if (name.len == 0 || name.data[0] == '.')", "if (name.len == 0)"),
    ("data-streams-are-system", "backing indices are what their stream is",
     CLASSIFY + "names.c", "        name = skip(name, 4);\n", ""),
    ("partial-forgotten", "flag partial", CLASSIFY + "classify.c",
     "if (reading == AJAR_READING_REFUSED || is_open_question(reading))", "if (false)"),
    ("end-of-life-of-lookalikes", "flag end_of_life", CLASSIFY + "classify.c",
     "if ((flags & (AJAR_FLAG(LOOKALIKE) | AJAR_FLAG(HONEYPOT))) == 0 &&", "if ("),
    ("flaws-of-lookalikes", "advice: never of a number not believed", CLASSIFY + "flaws.c",
     "return (flags & ADVICE_UNBELIEVED) == 0 && product != NULL &&",
     "return product != NULL &&"),
    ("flaws-of-the-fixed", "advice: not of the first fixed release", CLASSIFY + "flaws.c",
     "return begun && is_before(release, &flaw->before);",
     "return begun && !is_before(&flaw->before, release);"),
    ("flaws-of-candidates", "advice: silent about candidates at the edges",
     CLASSIFY + "flaws.c", "has_flaw(flaw, &release, *rest == '\\0')",
     "has_flaw(flaw, &release, true)"),
    ("flaws-without-the-right", "advice: rights that a stranger has", CLASSIFY + "flaws.c",
     "(exposure == AJAR_EXPOSURE_RECORDS || !flaw->open_only) &&", "true &&"),
    ("one-mark-is-a-decoy", "flag honeypot_suspected weighs 3", PROBE + "decoys.c",
     "DECOY_ENOUGH = 3", "DECOY_ENOUGH = 1"),
    ("no-decoy", "flag honeypot_suspected", PROBE + "decoys.c", "DECOY_ENOUGH = 3",
     "DECOY_ENOUGH = 99"),
    ("weak-word-is-compromise", "flag compromised: weak words", CLASSIFY + "severity.c",
     "return indices->ransom_weak > 0 && user - indices->ransom_weak <= 1 &&\n"
     "           indices->documents <= 10 && !indices->truncated;",
     "return indices->ransom_weak > 0 && user > 0;"),
    ("notes-of-any-size", "flag compromised: few documents", CLASSIFY + "names.c",
     "NAMES_FEW_DOCUMENTS = 10", "NAMES_FEW_DOCUMENTS = 1000000"),
    ("sensitive-by-substring", "sensitive names are whole tokens", CLASSIFY + "names.c",
     "return bsearch(text, words_sensitive, words_sensitive_count,\n"
     "                   sizeof(words_sensitive[0]), compare_word) != NULL;",
     "for (size_t i = 0; i < words_sensitive_count; i++)\n    {\n"
     "        if (strstr(text, words_sensitive[i]) != NULL)\n        {\n"
     "            return true;\n        }\n    }\n    (void)compare_word;\n"
     "    return false;"),
    ("unknown-volume-is-small", "severity: unknown is critical", CLASSIFY + "severity.c",
     "if (aggravated || volume_is_unknown(evidence) ||", "if (aggravated ||"),
    ("many-is-more", "severity: 10,000 documents", CLASSIFY + "severity.c",
     "#define SEVERITY_MANY_DOCUMENTS 10000u", "#define SEVERITY_MANY_DOCUMENTS 10000000u"),
    ("any-name-in-a-path", "names that the engine accepts", PROBE + "path.c",
     "return es_path_index_ok(name) ? fill(state, step, name) : NULL;",
     "return fill(state, step, name);"),
    ("coded-is-another-server", "a coding hides what it says", PROBE + "readings.c",
     "if (state->head.coded && reply->json == NULL)", "if (false)"),
    ("coded-list-is-no-list", "a coding hides the list", PROBE + "readings.c",
     "if (reading != AJAR_READING_SHOWN && state->head.coded)", "if (false)"),
    ("coded-400-is-absent", "a coding hides why it is a 400", PROBE + "readings.c",
     "if (state->head.status == 400 && state->head.coded)", "if (false)"),
    ("codings-in-one-word", "Content-Encoding is a list", PROBE + "head.c",
     "while (at < list.len && list.data[at] != ',')", "while (at < list.len)"),
    ("challenge-is-refusal", "a challenge for browsers is no refusal", PROBE + "head.c",
     "    else if (is_browser_challenge(header))", "    else if (false)"),
    ("no-rules-is-refusal", "ReadonlyREST without its rules is not ready",
     PROBE + "readings.c",
     """    if (es_guard_has_no_rules(state, reply->json))
    {
        return not_ready(state, reply);
    }
""", ""),
    ("certificate-is-absent", "a 400 that asks for a certificate refuses",
     PROBE + "readings.c", "if (es_guard_wants_certificate(state))", "if (false)"),
    ("broken-name-hides-all", "a name that is not UTF-8 shuts nothing", PROBE + "json.c",
     "if (json != NULL || ajar_utf8_is_valid(text))", "if (true)"),
    ("broken-byte-is-kept", "such a byte is read as ?", PROBE + "json.c",
     "copy.data[at] = '?';", "copy.data[at] = 'x';"),
]
