"""The description of the API (OpenAPI 3.1), made from the routes and completed for its readers."""

from api.openapi.description import describe

__all__ = ["describe"]
