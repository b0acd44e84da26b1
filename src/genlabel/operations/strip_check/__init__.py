"""Strip-check: what publication did to each mark, and which tool leaves such traces."""
