"""Django with Django REST framework in one file: sessions, forms that are guarded, tokens.

Signed in to at each site's own /start, as a single sign-on would.
"""

import hashlib
import os
import sys
import threading
from pathlib import Path

import django
from django.conf import settings

HERE = Path(__file__).parent
HOST = os.environ["LAB_HOST"]

settings.configure(
    ALLOWED_HOSTS=["*"],
    DEBUG=False,
    SECRET_KEY=os.environ["SECRET"],
    ROOT_URLCONF=__name__,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.sessions",
        "rest_framework",
        "rest_framework.authtoken",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": HERE / "db.sqlite3"}},
    # Held by the cookie itself, signed, or by the server's memory: what the story is about.
    SESSION_ENGINE=(
        "django.contrib.sessions.backends.signed_cookies"
        if HOST.startswith("signed.")
        else "django.contrib.sessions.backends.cache"
    ),
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    LOGIN_URL="/login",
    CSRF_FAILURE_VIEW=f"{__name__}.forged",
)
django.setup()

from django.contrib.auth import get_user_model, login  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import HttpResponse, JsonResponse  # noqa: E402
from django.middleware.csrf import get_token  # noqa: E402
from django.shortcuts import redirect  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.cache import never_cache  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402
from rest_framework.authentication import SessionAuthentication, TokenAuthentication  # noqa: E402
from rest_framework.authtoken.models import Token  # noqa: E402
from rest_framework.decorators import api_view, authentication_classes, permission_classes  # noqa: E402
from rest_framework.permissions import IsAuthenticated  # noqa: E402
from rest_framework.response import Response  # noqa: E402


def page(word, title, inner="", status=200):
    return HttpResponse(
        f'<!doctype html><html lang="en"><head><title>{title}</title><link rel="icon" href="data:,"></head>'
        f'<body data-lab="{word}"><h1>{title}</h1>{inner}</body></html>',
        status=status,
    )


def sam():
    return get_user_model().objects.get(username="sam")


def forged(request, reason=""):
    """Django's own answer, made to fit the site."""
    return page("out", "Forbidden", "<p>CSRF verification failed. Request aborted.</p>", status=403)


# Sessions -----------------------------------------------------------------------------------------------


def start(request):
    login(request, sam(), backend="django.contrib.auth.backends.ModelBackend")
    return page("done", "Signed in")


def sign_in(request):
    login(request, sam(), backend="django.contrib.auth.backends.ModelBackend")
    return redirect(request.GET.get("next", "/account"))


def front(request):
    return redirect("/login?next=/app" if HOST.startswith("api.") else "/login")


@never_cache
def account(request):
    """A cookie that stands for nobody is an error to this site; a stranger is sent to the sign-in."""
    if request.user.is_authenticated:
        return page("in", "Your account")
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return page("out", "401 Unauthorized", status=401)
    return redirect("/login")


# An app that calls an API by its session ----------------------------------------------------------------

APP = """
<script>
  fetch("/api/session").then((answer) => { document.body.dataset.lab = answer.ok ? "in" : "out"; });
</script>
"""


@never_cache
def app(request):
    return page("wait", "Your app", APP)


@api_view(["GET"])
@authentication_classes([SessionAuthentication])
@permission_classes([IsAuthenticated])
def by_session(request):
    return Response({"name": request.user.username})


# A form -------------------------------------------------------------------------------------------------


@never_cache
def edit(request):
    if not request.user.is_authenticated:
        return redirect("/login?next=/edit")
    if request.method == "POST":
        return redirect("/edit")
    form = (
        '<form method="post" action="/edit">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'
        "<button>Save</button></form>"
    )
    return page("in", "Your profile", form)


# An app with a token ------------------------------------------------------------------------------------

TOKEN_APP = """
<script>
  (async () => {
    if (!localStorage.token) {
      const answer = await fetch("/token", { method: "POST" });
      if (answer.ok) localStorage.token = (await answer.json()).token;
    }
    const headers = { Authorization: `Token ${localStorage.token}` };
    const answer = await fetch("/api/token", { headers, credentials: "omit" });
    document.body.dataset.lab = answer.ok ? "in" : "out";
  })();
</script>
"""

DEVICE = hashlib.sha256(b"a device that is remembered over restarts").hexdigest()


def start_token(request):
    answer = page("done", "Signed in")
    answer.set_cookie("device", DEVICE, max_age=2_592_000, httponly=True, samesite="Lax")
    return answer


@never_cache
def token_app(request):
    return page("wait", "Your app", TOKEN_APP)


@csrf_exempt
def token(request):
    if request.COOKIES.get("device") != DEVICE:
        return JsonResponse({"detail": "sign in first"}, status=403)
    return JsonResponse({"token": Token.objects.get_or_create(user=sam())[0].key})


@api_view(["GET"])
@authentication_classes([TokenAuthentication])
@permission_classes([IsAuthenticated])
def by_token(request):
    return Response({"name": request.user.username})


urlpatterns = [
    path("", front),
    path("start", start),
    path("login", sign_in),
    path("account", account),
    path("app", app),
    path("edit", edit),
    path("token/start", start_token),
    path("token/app", token_app),
    path("token", token),
    path("api/session", by_session),
    path("api/token", by_token),
]


def main():
    # Whoever started it is gone.
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    call_command("migrate", verbosity=0)
    get_user_model().objects.get_or_create(username="sam")
    # Signed out everywhere, which deletes the tokens: each start is one.
    Token.objects.all().delete()
    from django.core.servers.basehttp import WSGIServer, run
    from django.core.wsgi import get_wsgi_application

    run("127.0.0.1", int(os.environ["PORT"]), get_wsgi_application(), threading=True, server_cls=WSGIServer)


main()
