"""Words facts, by templates or by a model whose words are verified. Only this code fills in numbers."""
