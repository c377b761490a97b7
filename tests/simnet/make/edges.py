# SPDX-License-Identifier: Apache-2.0
"""Proxies, load balancers, edges and login portals, as a stranger meets them. A refusal
needs its status; a challenge for browsers is no refusal, and a dead backend says nothing."""
from base import Case, http
from guards import HTML, basic, nginx_page

PLAIN = ("Content-Type", "text/plain; charset=utf-8")
JSON = ("Content-Type", "application/json")
SAYS = {"outcome": "replied", "product": None, "version": None, "flags": [],
        "severity": "none", "max_requests": 4}
LEVELS = {"shut": ("protected", 4), "asks": ("protected", 1), "waits": ("inconclusive", 1),
          "none": ("not_datastore", 4), "page": ("not_datastore", 1)}
MOVED = ("<html>\n<head><title>Just a moment...</title></head>\n<body><noscript>Enable "
         "JavaScript and cookies to continue</noscript></body>\n</html>\n")


def edge(name, note, level, data, **more):
    case = Case("proxies/" + name, note)
    case.file("any.http", data)
    exposure, most = LEVELS[level]
    return case.route("default", "any.http").want(**{
        **SAYS, "exposure": exposure, "max_requests": most, **more})


def apache(title, text):
    return ('<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>%s'
            "</title>\n</head><body>\n<h1>%s</h1>\n<p>%s</p>\n</body></html>\n" %
            (title, title.split(" ", 1)[1], text))


def centred(title, maker):
    return ("<html>\r\n<head><title>%s</title></head>\r\n<body>\r\n<center><h1>%s</h1>"
            "</center>\r\n%s</body>\r\n</html>\r\n" %
            (title, title, "<hr><center>%s</center>\r\n" % maker if maker else ""))


def proxies():
    """Traefik, Caddy, Envoy, Istio, Apache, HAProxy, an ingress."""
    length = "Content-Length"
    envoy = [("content-type", "text/plain"), ("server", "envoy")]
    return [
        edge("traefik-404", "no router for this name", "none",
             http(404, [PLAIN, ("X-Content-Type-Options", "nosniff")],
                  "404 page not found\n", length)),
        edge("traefik-basic", "basic auth of Traefik", "asks",
             http(401, [PLAIN, basic("traefik")], "401 Unauthorized\n", length)),
        edge("traefik-502", "its server is dead", "waits",
             http(502, [PLAIN], "Bad Gateway", length)),
        edge("caddy-empty", "a Caddy without a site for this name: 200 and nothing", "page",
             http(200, [("Server", "Caddy")], "", length)),
        edge("caddy-basic", "basic auth of Caddy", "asks",
             http(401, [("Server", "Caddy"), ("Www-Authenticate",
                                              'Basic realm="restricted"')], "", length)),
        edge("envoy-no-route", "no route for this name", "none",
             http(404, [("server", "envoy")], "")),
        edge("envoy-rbac", "a policy that lets nobody in", "shut",
             http(403, envoy, "RBAC: access denied")),
        edge("envoy-503", "nothing behind it", "waits",
             http(503, envoy, "upstream connect error or disconnect/reset before headers. "
                              "reset reason: connection failure")),
        edge("istio-jwt", "a token is asked for", "asks",
             http(401, [("www-authenticate", 'Bearer realm="http://@{address}/"'),
                        ("content-type", "text/plain"), ("server", "istio-envoy")],
                  "Jwt is missing")),
        edge("apache-basic", "basic auth of Apache", "asks",
             http(401, [("Server", "Apache/2.4.57 (Debian)"), basic("Restricted"), HTML],
                  apache("401 Unauthorized", "This server could not verify that you are "
                         "authorized to access the document requested."), length)),
        edge("apache-denied", "all paths are denied", "shut",
             http(403, [("Server", "Apache/2.4.57 (Debian)"), HTML],
                  apache("403 Forbidden", "You don't have permission to access this "
                         "resource."), length)),
        edge("haproxy-503", "no server is up", "waits",
             http(503, [("Cache-Control", "no-cache"), ("Content-Type", "text/html")],
                  "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to "
                  "handle this request.\n</body></html>\n")),
        edge("haproxy-denied", "a rule denies all", "shut",
             http(403, [("Cache-Control", "no-cache"), ("Content-Type", "text/html")],
                  "<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative "
                  "rules.\n</body></html>\n")),
        edge("ingress-default", "the default backend of a Kubernetes ingress", "none",
             http(404, [PLAIN], "default backend - 404", length)),
        edge("ingress-nginx-404", "the same, as the controller itself says it", "none",
             http(404, [HTML], nginx_page("404 Not Found"), length)),
        # it refuses before it looks at the path: whoever has no certificate reads nothing
        edge("nginx-certificate", "a client certificate is asked for, after the handshake",
             "asks", http(400, [("Server", "nginx"), HTML, ("Connection", "close")],
                          nginx_page("400 No required SSL certificate was sent").replace(
                              "<h1>400 No required SSL certificate was sent</h1>",
                              "<h1>400 Bad Request</h1></center>\r\n<center>No required SSL "
                              "certificate was sent"), length)),
    ]


def clouds():
    """Edges of the large providers."""
    length = "Content-Length"
    waf = ("x-amzn-waf-action", "challenge")
    cloudflare = ("Server", "cloudflare")
    elb = ("Server", "awselb/2.0")
    azure = "Microsoft-Azure-Application-Gateway/v2"
    ray = ("CF-RAY", "8a1b2c3d4e5f6789-FRA")
    return [
        # whoever comes with a browser passes: no refusal, and nothing was shown
        edge("cloudflare-challenge", "a challenge for browsers, with 403", "waits",
             http(403, [cloudflare, ray, ("cf-mitigated", "challenge"),
                        ("Content-Type", "text/html; charset=UTF-8")], MOVED, length)),
        edge("cloudflare-challenge-429", "the same with 429", "waits",
             http(429, [cloudflare, ray, ("Cf-Mitigated", "challenge"),
                        ("Content-Type", "text/html; charset=UTF-8")], MOVED, length)),
        edge("cloudflare-block", "a rule blocks", "shut",
             http(403, [cloudflare, ray, ("Content-Type", "text/plain; charset=UTF-8")],
                  "error code: 1020", length)),
        edge("cloudflare-521", "its origin is down", "waits",
             http(521, [cloudflare, ray, ("Content-Type", "text/plain; charset=UTF-8")],
                  "error code: 521", length, "")),
        edge("aws-waf-challenge", "a challenge for browsers, with 202 and no body", "waits",
             http(202, [elb, waf], "", length, "Accepted")),
        edge("aws-waf-captcha", "a captcha, with 405", "waits",
             http(405, [elb, ("x-amzn-waf-action", "captcha"), HTML], MOVED, length)),
        edge("alb-503", "a load balancer without a server", "waits",
             http(503, [elb, HTML], centred("503 Service Temporarily Unavailable", ""),
                  length, "Service Temporarily Unavailable")),
        edge("alb-403", "a load balancer's firewall blocks", "shut",
             http(403, [elb, HTML], centred("403 Forbidden", ""), length)),
        edge("azure-gateway-403", "a gateway's firewall blocks", "shut",
             http(403, [("Server", azure), HTML], centred("403 Forbidden", azure), length)),
        edge("azure-gateway-502", "a gateway without a server", "waits",
             http(502, [("Server", azure), HTML], centred("502 Bad Gateway", azure),
                  length)),
    ]


def portals():
    """Logins in front. A redirect on every path is followed by nobody: what is there is a
    portal, and no datastore is to be had from it."""
    length = "Content-Length"
    page = ("<!DOCTYPE html><html lang=\"en\"><head><title>Sign In</title></head><body><form "
            "method=\"GET\" action=\"/oauth2/start\"></form></body></html>")
    login = "https://auth.corp.example/?rd=http%3A%2F%2F@{address}%2F&rm=GET"
    found = '<a href="https://auth.corp.example/">%s</a>'
    return [
        edge("oauth2-proxy-page", "oauth2-proxy: its sign-in page, with 403", "shut",
             http(403, [("Content-Type", "text/html; charset=utf-8")], page, length)),
        edge("oauth2-proxy-json", "oauth2-proxy to one who accepts JSON: 401", "asks",
             http(401, [JSON], "{}", length)),
        edge("oauth2-proxy-redirect", "oauth2-proxy without its page", "none",
             http(302, [("Location", "https://idp.corp.example/authorize?client_id=search"),
                        HTML], "", length)),
        edge("authelia-redirect", "Authelia behind a proxy that redirects", "none",
             http(302, [("Location", login), ("Content-Type", "text/html; charset=utf-8")],
                  found % "302 Found", length)),
        edge("authelia-401", "Authelia behind a proxy that does not", "asks",
             http(401, [("Location", login), ("Content-Type", "text/html; charset=utf-8")],
                  found % "401 Unauthorized", length)),
    ]


def all_cases(_folder):
    return proxies() + clouds() + portals()
