"""Mynaportal (マイナポータル): where a person sees their own records of exchanges."""
