"""The shared entity schema: the nouns that every other folder speaks, importing none of them."""
