"""The proto packages under renkei.jukinet."""
