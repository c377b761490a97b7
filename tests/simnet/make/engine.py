# SPDX-License-Identifier: Apache-2.0
"""The two engines of the family by version: what each path answers (wire-facts 1 and 3)."""
from base import Case, compact, http, pretty

TAGLINE = "You Know, for Search"
OPENSEARCH_TAGLINE = "The OpenSearch Project: https://opensearch.org/"
COUNT_ALL = "/\\*,-*/_count"
COUNT_STAR = "/\\*/_count"  # 0.x: no exclusions
COMMON = "pretty,human,error_trace,filter_path,format"
HEALTH_PARAMS = COMMON + (",level,local,master_timeout,timeout,wait_for_status,"
                          "wait_for_nodes,wait_for_events,wait_for_active_shards,"
                          "wait_for_no_relocating_shards")
LIST_PARAMS = COMMON + ",bytes,h,help,s,v,health,pri,local,master_timeout"
COUNT_PARAMS = COMMON + (",allow_no_indices,expand_wildcards,ignore_unavailable,"
                         "min_score,preference,q,routing,terminate_after")
COLUMNS = ["health", "status", "index", "uuid", "pri", "rep", "docs.count", "store.size"]


# lucene, minimum wire, minimum index (wire-facts 1.1 and 3; [S] samples where there are)
LUCENE = {"0.90.0": None, "0.90.2": "4.3.1", "0.90.13": "4.6", "1.3.2": "4.9",
          "1.4.1": "4.10.2", "6.2.4": "7.2.1", "7.3.1": "8.1.0", "7.15.0": "8.9.0",
          "1.7.6": "4.10.4", "2.0.0": "5.2.1",
          "2.4.6": "5.5.4", "5.6.16": "6.6.1", "6.8.23": "7.7.3", "7.10.2": "8.7.0",
          "7.16.2": "8.10.1", "7.17.9": "8.11.1", "7.17.29": "8.11.3", "8.4.3": "9.3.0",
          "8.7.1": "9.5.0", "8.12.1": "9.9.2", "8.14.3": "9.10.0", "8.15.1": "9.11.1",
          "8.17.3": "9.12.0", "8.19.20": "9.12.2", "9.1.0": "10.2.2", "9.5.2": "10.4.0"}
OPENSEARCH_LUCENE = {"1.2.4": "8.10.1", "1.3.13": "8.10.1", "2.5.0": "9.4.2",
                     "2.7.0": "9.5.0", "2.11.1": "9.7.0", "2.19.1": "9.12.1",
                     "2.19.6": "9.12.3", "3.4.0": "10.3.2", "3.6.0": "10.4.0"}
MINIMA = {6: ("5.6.0", "5.0.0"), 7: ("6.8.0", "6.0.0-beta1"), 8: ("7.17.0", "7.0.0"),
          9: ("8.19.0", "8.0.0")}
OPENSEARCH_MINIMA = {1: ("6.8.0", "6.0.0-beta1"), 2: ("7.10.0", "7.0.0"),
                     3: ("2.19.0", "2.0.0")}


def triple(version):
    return tuple(int(part) for part in version.split(".")[:3])


class Engine:
    """One product and version: its headers, its errors, its parameters."""

    def __init__(self, version, product="elasticsearch"):
        self.version = version
        self.product = product
        self.opensearch = product == "opensearch"
        number = triple(version)
        # OpenSearch 1.0 left Elasticsearch at 7.10.2
        self.like = (7, 10, 2) if self.opensearch else number
        self.number = number
        self.strict = self.like >= (5, 0, 0)
        self.objects = self.like >= (2, 0, 0)  # errors are JSON objects

    def headers(self, status=200, kind="json"):
        name = "Content-Type" if self.like < (5, 0, 0) else "content-type"
        value = {"json": "application/json; charset=UTF-8", "text": "text/plain; charset=UTF-8"}[kind]
        if kind == "json" and self.like >= (8, 0, 0):
            value = "application/json"
        headers = []
        if self.opensearch and self.number >= (3, 0, 0):
            headers.append(("X-OpenSearch-Version",
                            "OpenSearch/%s (opensearch)" % self.version))
        # measured: on 200, 403 and 405, missing on 401 (engines.md)
        if not self.opensearch and self.like >= (7, 14, 0) and status != 401:
            headers.append(("X-elastic-product", "Elasticsearch"))
        return headers + [(name, value)]

    def reply(self, status, body, kind="json", extra=(), chunked=False):
        length = "Content-Length" if self.like < (5, 0, 0) else "content-length"
        if not isinstance(body, (str, bytes)):
            body = compact(body)
        return http(status, list(extra) + self.headers(status, kind), body,
                    "chunked" if chunked else length)

    def error(self, status, type_, reason, **more):
        if not self.objects:
            camel = "".join(word.capitalize() for word in type_.split("_"))
            return self.reply(status, {"error": "%s[%s]" % (camel, reason), "status": status})
        cause = {"type": type_, "reason": reason, **more}
        return self.reply(status, {"error": {"root_cause": [cause], **cause}, "status": status})

    def no_index(self):
        if not self.objects:
            return self.reply(404, {"error": "IndexMissingException[[@{index}] missing]",
                                    "status": 404})
        reason = "no such index" + (" [@{index}]" if self.like >= (7, 0, 0) else "")
        more = {"resource.type": "index_or_alias", "resource.id": "@{index}"}
        if self.like >= (5, 0, 0):
            more["index_uuid"] = "_na_"
        more["index"] = "@{index}"
        return self.error(404, "index_not_found_exception", reason, **more)

    def no_handler(self):
        if self.like < (6, 4, 0):
            return self.reply(400, "No handler found for uri [@{uri}] and method [GET]", "text")
        return self.reply(400, {"error": "no handler found for uri [@{uri}] and method [GET]"})

    def bad_param(self):
        return self.error(400, "illegal_argument_exception",
                          "request [@{path}] contains unrecognized parameter: [@{param}]")

    def params(self, what):
        """The parameter list of a route, or nothing where any is ignored."""
        if not self.strict:
            return ""
        extra = ""
        if self.like >= (7, 7, 0) and what != COMMON:
            extra += ",expand_wildcards"
        if self.opensearch and self.number >= (2, 0, 0) and what != COMMON:
            extra += ",cluster_manager_timeout"
        if what == COUNT_PARAMS:
            extra = ""
        return "{%s%s}" % (what, extra)

    # ---- bodies

    def root(self, name="node-1", cluster="corp-search", uuid="@{uuid}", **version):
        """The banner's keys in each version's own order (wire-facts 1.1)."""
        like = self.like
        body = {}
        if like < (1, 0, 0):
            body["ok"] = True
        if like < (2, 0, 0):
            body["status"] = version.pop("status", 200)
        body["name"] = name
        if like >= (1, 4, 0):
            body["cluster_name"] = cluster
        if like >= (2, 4, 1):
            body["cluster_uuid"] = uuid
        keys = {"distribution": "opensearch"} if self.opensearch else {}
        keys["number"] = self.version
        if not self.opensearch and like >= (6, 3, 0):
            keys["build_flavor"] = "default"
        if like >= (6, 3, 0):
            keys["build_type"] = "docker" if like >= (7, 0, 0) else "tar"
        keys["build_hash"] = ("4f67856" if (5, 0, 0) <= like < (7, 4, 0)
                              else "747e1cc71def077253878a59143c1f785afa92b9")
        if like >= (5, 0, 0):
            keys["build_date"] = "2024-02-01T13:07:13.727175297Z"
        else:
            keys["build_timestamp"] = "2015-07-29T09:54:16Z"
        keys["build_snapshot"] = False
        lucene, minima = ((OPENSEARCH_LUCENE, OPENSEARCH_MINIMA) if self.opensearch
                          else (LUCENE, MINIMA))
        keys["lucene_version"] = lucene[self.version]
        if like >= (6, 0, 0):
            wire, index = minima[self.number[0]]
            keys["minimum_wire_compatibility_version"] = wire
            keys["minimum_index_compatibility_version"] = index
        for key, value in version.items():
            if value is None:
                keys.pop(key, None)
            else:
                keys[key] = value
        body["version"] = keys
        body["tagline"] = OPENSEARCH_TAGLINE if self.opensearch else TAGLINE
        return pretty(body)

    def health(self, cluster="corp-search", status="green", nodes=1, primaries=2, **more):
        body = {"cluster_name": cluster, "status": status, "timed_out": False,
                "number_of_nodes": nodes, "number_of_data_nodes": nodes}
        if self.opensearch:
            body["discovered_master"] = True
            if self.number >= (2, 0, 0):
                body["discovered_cluster_manager"] = True
        body.update(active_primary_shards=primaries, active_shards=primaries,
                    relocating_shards=0, initializing_shards=0, unassigned_shards=0)
        if self.like >= (1, 6, 0):
            body.update(delayed_unassigned_shards=0, number_of_pending_tasks=0,
                        number_of_in_flight_fetch=0)
        if self.like >= (2, 0, 0):
            body.update(task_max_waiting_in_queue_millis=0,
                        active_shards_percent_as_number=100.0)
        body.update(more)
        return body

    def rows(self, indices):
        """indices: (name, documents, bytes[, members that differ])."""
        out = []
        for entry in indices:
            name, documents, size = entry[:3]
            uuid = (name.replace(".", "").replace("-", "") + "AbCdEfGhIjKlMnOpQrStUv")[:22]
            row = {"health": "green", "status": "open", "index": name, "uuid": uuid,
                   "pri": "1", "rep": "1", "docs.count": str(documents),
                   "store.size": str(size)}
            row.update(entry[3] if len(entry) > 3 else {})
            if self.like < (5, 0, 0):
                row.pop("uuid")
            if self.like < (1, 5, 0):
                row.pop("status")
            out.append({key: row[key] for key in COLUMNS if key in row})
        return out

    def count(self, documents, shards=1):
        shards_said = {"total": shards, "successful": shards, "failed": 0}
        if self.like >= (5, 6, 0):
            shards_said = {"total": shards, "successful": shards, "skipped": 0, "failed": 0}
        return {"count": documents, "_shards": shards_said}

    # ---- a whole open node

    def mapping(self, index, fields):
        """fields: a type by name, or a type by name in an object (7.0 and later)."""
        def properties(of):
            return {name: {"properties": properties(type_)} if isinstance(type_, dict)
                    else {"type": type_} for name, type_ in of.items()}
        return {index: {"mappings": {"properties": properties(fields)}}}

    def open_case(self, name, note, indices, root=None, health=None, chunked=False,
                  aliases=None, mappings=None):
        """mappings: the fields of an index by its name."""
        case = Case(name, note)
        chunk = chunked or (not self.opensearch and self.like >= (8, 7, 0))
        case.file("root.http", self.reply(200, root or self.root()))
        case.file("health.http", self.reply(200, health or self.health(
            primaries=len(indices))))
        case.file("bad-param.http", self.bad_param())
        case.file("no-index.http", self.no_index())
        case.file("no-handler.http", self.no_handler())
        self.add(case, "/", COMMON, "root.http")
        self.add(case, "/_cluster/health", HEALTH_PARAMS, "health.http")
        if self.like >= (1, 0, 0):
            case.file("list.http", self.reply(200, self.rows(indices), chunked=chunk))
            self.add(case, "/_cat/indices", LIST_PARAMS, "list.http")
        case.file("aliases.http", self.reply(200, aliases or {
            entry[0]: {"aliases": {}} for entry in indices}))
        self.add(case, "/_aliases", COMMON + ",local,master_timeout", "aliases.http")
        for entry in indices:
            if isinstance(entry[1], int):
                file = case.file("count-%s.http" % entry[0].replace("/", "_"),
                                 self.reply(200, self.count(entry[1])))
                self.add(case, "/%s/_count" % entry[0], COUNT_PARAMS, file)
        for index, fields in (mappings or {}).items():
            file = case.file("mapping-%s.http" % index,
                             self.reply(200, self.mapping(index, fields)))
            self.add(case, "/%s/_mapping" % index, COMMON, file)
        users = [entry for entry in indices if not entry[0].startswith(".")]
        total = sum(entry[1] for entry in users if isinstance(entry[1], int))
        case.file("count-all.http", self.reply(200, self.count(total, len(users))))
        for path in (COUNT_ALL, COUNT_STAR, "/_all/_count", "/_count"):
            self.add(case, path, COUNT_PARAMS, "count-all.http")
        case.route("/*/_count", "no-index.http")
        case.route("/_*", "no-handler.http")
        case.route("/*/*", "no-handler.http")
        case.route("default", "no-handler.http" if self.like < (1, 4, 0) else "no-index.http")
        return case

    def add(self, case, path, params, reply):
        case.route(path + self.params(params), reply)
        if self.strict:
            case.route(path, "bad-param.http")

    def everywhere(self, name, note, data):
        """One reply to every path: a guard in front of everything."""
        case = Case(name, note)
        case.file("any.http", data)
        return case.route("default", "any.http")

    def swap(self, case, path, params, reply, options=""):
        return case.replace(path + self.params(params), reply, options)
