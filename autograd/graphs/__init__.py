"""Ways to read a recorded graph: step by step, by call, by module, or by running it again."""
