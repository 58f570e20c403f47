"""The desk for programs of traders, who see their own requests, and of agents. Schemas in, actions, shapes out."""
