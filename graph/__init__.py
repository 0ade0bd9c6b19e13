"""The store: mentions folded into nodes, links into edges, and the questions asked of them."""
