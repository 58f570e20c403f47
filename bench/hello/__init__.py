"""The yardstick: eleven bytes through Django's usual seven middlewares, on the web server that the product uses."""
