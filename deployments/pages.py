"""The dashboard as a process of `tcpl serve`. Run as a module with its port."""

import sys

from dashboard.serving import serve
from deployments.children import HOST, end_with_the_parent
from tasks import clock

if __name__ == "__main__":
    end_with_the_parent()
    serve(HOST, int(sys.argv[1]), clock.now)
