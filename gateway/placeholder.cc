// removed as soon as the first real file is here
