"""Articles over HTTP, with FastAPI: `uvicorn fastapi_app:app`."""

from contextlib import asynccontextmanager
from typing import Annotated

from articles import articles, fill, people
from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from jsonapi_sieve.integrations.asked import Asked
from jsonapi_sieve.integrations.fastapi import JsonApi

engine = create_async_engine("sqlite+aiosqlite:///articles.sqlite")
open_session = async_sessionmaker(engine)


async def get_session():
    async with open_session() as session:
        yield session


@asynccontextmanager
async def lifespan(_app):
    async with open_session() as session:
        await session.run_sync(fill)
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)
jsonapi = JsonApi(app)
JsonApiRequest = Annotated[Asked, Depends(jsonapi)]
Session = Annotated[AsyncSession, Depends(get_session)]


@app.get("/articles")
async def list_articles(asked: JsonApiRequest, session: Session):
    return await session.run_sync(asked.listing, articles)


@app.post("/articles")
async def create_article(asked: JsonApiRequest, session: Session):
    return await session.run_sync(asked.create, articles, author=people)


@app.get("/articles/{id}")
async def get_article(asked: JsonApiRequest, session: Session, id: str):
    return await session.run_sync(asked.single, articles, id)
