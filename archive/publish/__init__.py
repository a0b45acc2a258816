"""The Datasette plugin: the site's pages, feeds, citations and exports."""

import lazy_loader

# Datasette finds the hooks here. They are loaded when it asks for them: an export or a message loads no Datasette.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "plugin": [
            "asgi_wrapper",
            "canned_queries",
            "extra_template_vars",
            "forbidden",
            "get_metadata",
            "handle_exception",
            "prepare_connection",
            "prepare_jinja2_environment",
            "register_output_renderer",
            "register_routes",
            "render_cell",
        ]
    },
)
