"""Pages about the API itself: metrics, the guide for language models, what each problem means."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from api.http.guide import guide
from api.http.metrics import MEDIA_TYPE, Metrics, page
from api.http.problem_pages import problem_page, problems_page
from api.http.problem_types import BY_NAME
from api.http.route_table import route_table
from api.problems import not_found
from api.questions import Nothing
from api.state import OfViews

TEXT = {"content": {"text/plain": {"schema": {"type": "string"}}}}
router = APIRouter()


@router.get(
    "/metrics", name="show_metrics", response_class=PlainTextResponse, responses={200: TEXT}
)
def show_metrics(request: Request, asked: Annotated[Nothing, Query()], views: OfViews) -> Response:
    """Give the metrics of this server and of the catalog, for Prometheus."""
    del asked
    metrics: Metrics = request.app.state.metrics
    return Response(page(metrics, views), media_type=MEDIA_TYPE)


@router.get("/llms.txt", name="show_guide", response_class=PlainTextResponse, responses={200: TEXT})
def show_guide(request: Request, asked: Annotated[Nothing, Query()]) -> PlainTextResponse:
    """Say what this API is and how to ask it, for language models."""
    del asked
    return PlainTextResponse(guide(route_table(request.app).served))


@router.get("/problems", name="list_problem_types", response_class=HTMLResponse)
def show_problems(asked: Annotated[Nothing, Query()]) -> HTMLResponse:
    """List the types of problems, as a page."""
    del asked
    return HTMLResponse(problems_page())


@router.get("/problems/{name}", name="show_problem_type", response_class=HTMLResponse)
def show_problem(
    name: Annotated[str, Path(max_length=100, examples=["not-found"])],
    asked: Annotated[Nothing, Query()],
) -> HTMLResponse:
    """Explain a type of problem, as a page: what it means and what to do."""
    del asked
    if name not in BY_NAME:
        raise not_found(f"{name} is no type of problem; /problems lists them", list(BY_NAME))
    return HTMLResponse(problem_page(BY_NAME[name]))
