"""The embedded register's addresses: who may ask what, by which method, and in which shape the refusals come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from mcbridge.errors import McbridgeError
from mcbridge.register.embedded.fields import Account, Crash, Suspicious
from mcbridge.register.embedded.service import Call, Refused, Service

LARGEST: Final = 64 * 1024 * 1024
"""The largest request body that is read, in bytes."""
METHODS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


Answer = Callable[[Call], Response]


@dataclass
class Place:
    """One address: who answers which method, and whether a token is needed."""

    answers: Mapping[str, Answer]
    guarded: bool = True
    name: str = ""
    parses: tuple[str, ...] = ("application/json", "application/x-www-form-urlencoded")


class Door:
    """What stands between the network and the service."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def application(self) -> Starlette:
        """All addresses."""
        service = self.service
        submission, browse = "/submissionapi/v2", "/webapi/v2/browse"
        submit = Place({"POST": service.submit, "PUT": service.submit}, name="Submission Report")
        check = Place({"GET": service.check})
        places = {
            "/accounts/get_token/": Place({"POST": service.log_in}, guarded=False),
            "/accounts/get_new_token/": Place({"POST": service.new_token}),
            f"{submission}/submit/report": submit,
            f"{submission}/check/local-identifier": check,
            f"{submission}/check/local-identifier/": check,
            f"{submission}/delete/report/{{id:int}}/": Place({"DELETE": service.request_deletion}),
            f"{browse}/reports/": Place({"GET": service.reports}),
            f"{browse}/reports/{{id:int}}/": Place({"GET": service.report}),
            "/connectapi/v1/providers/": Place({"GET": service.providers}, guarded=False),
            "/connectapi/v1/activities/": Place({"GET": service.activities}),
            "/submissionapi/v1/{rest:path}": Place(
                dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), service.closed), guarded=False
            ),
        }
        slashed = [path for path in places if path.endswith("/") and f"{path.rstrip('/')}" not in places]
        routes = [Route(path, self._answering(place), methods=METHODS) for path, place in places.items()]
        routes += [Route(path.rstrip("/"), _add_slash, methods=METHODS) for path in slashed]
        application = Starlette(routes=routes, exception_handlers={404: _not_found})
        application.router.redirect_slashes = False
        return application

    def _answering(self, place: Place) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            body = b""
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST:
                    return JSONResponse({"detail": "Request body is too large."}, 413)
            return await run_in_threadpool(self._answer, place, Call(request, body))

        return answer

    def _answer(self, place: Place, call: Call) -> Response:
        """Negotiation, then who it is, then the method, then the body: the order decides which error is told."""
        try:
            page = self._negotiated(call.request)
            call.account = self._account(call.request) if place.guarded else None
            answer = place.answers.get(call.request.method)
            if call.request.method == "OPTIONS":
                return JSONResponse(
                    {
                        "name": place.name,
                        "description": "",
                        "renders": ["application/json", "text/html"],
                        "parses": [*place.parses, "multipart/form-data"],
                    }
                )
            if answer is None:
                return JSONResponse({"detail": f'Method "{call.request.method}" not allowed.'}, 405)
            if page:
                return HTMLResponse(_html("A page for people"))
            return answer(call)
        except Refused as refused:
            return JSONResponse(refused.body, refused.status)
        except McbridgeError as error:
            return JSONResponse({"detail": error.message}, 503)
        except Suspicious:
            return HTMLResponse(_html("Bad Request (400)"), 400)
        except Crash as crash:
            if self.service.dialect == "strict":
                return JSONResponse({"detail": str(crash)}, 409)
            return HTMLResponse(_html("Server Error (500)"), 500)

    def _negotiated(self, request: Request) -> bool:
        """Whether a web page is wanted; the real register sends one, with 200, to whoever takes HTML."""
        accepted = [part.partition(";")[0].strip() for part in request.headers.get("accept", "*/*").split(",")]
        if "text/html" in accepted and self.service.dialect == "deqar":
            return True
        if not {"*/*", "application/*", "application/json", "text/html"} & {*accepted}:
            raise Refused(406, {"detail": "Could not satisfy the request Accept header."})
        return False

    def _account(self, request: Request) -> Account:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            if request.url.path == "/accounts/get_new_token/" and self.service.dialect == "deqar":
                raise Crash("nobody has no token")
            raise Refused(403, {"detail": "Authentication credentials were not provided."})
        account = self.service.shelf.account_of(token.strip())
        if account is None:
            raise Refused(403, {"detail": "Invalid token."})
        return account


def _html(title: str) -> str:
    return f'<!doctype html>\n<html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n'


async def _add_slash(request: Request) -> Response:
    return RedirectResponse(request.url.path + "/", 301)


async def _not_found(request: Request, _error: Exception) -> Response:
    return HTMLResponse(_html("Not Found"), 404)
